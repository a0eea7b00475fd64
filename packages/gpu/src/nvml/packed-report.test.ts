import { expect, it } from 'vitest';
import { detailNames } from '../device/gpu-detail.ts';
import type { GpuReport } from '../device/gpu-source.ts';
import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import { reportPacker, reportUnpacker, type PackedReport } from './packed-report.ts';

/** As it travels. */
const sent = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T;

const device = {
  ...fakeDevice({ index: 1, utilization: 0, memoryUsedBytes: 1, memoryTotalBytes: 2, powerWatts: 3.5 }),
  temperatureCelsius: { ok: true, kind: 'mean', value: 4, n: 2, max: 5 },
  // Every detail has a value of its own: none may land in the place of another.
  details: Object.fromEntries(detailNames.map((name, i) => [name, { ok: true, kind: 'point', value: i }])),
  selfMemoryBytes: { ok: true, kind: 'point', value: 6 },
  xids: [79],
  processes: [{ pid: 1, memoryUsedBytes: { ok: false, why: 'denied' } }],
} as const;
const report: GpuReport = {
  ok: true,
  devices: [fakeDevice(), device, { ...fakeDevice({ index: 2 }), details: { fanRatio: device.powerWatts } }],
  unidentified: [{ index: 3, why: 'lost' }],
  driver: '590.48.01',
};

it('carries whole reports unchanged, whatever changes from one to the next', () => {
  const [pack, unpack] = [reportPacker(), reportUnpacker()];
  const reports: GpuReport[] = [
    report,
    report,
    { ...report, devices: [device] }, // one has gone
    { ok: false, reason: 'no-devices' },
    { ...report, devices: [{ ...device, index: 0 }] }, // it moved
    { ...report, devices: [{ ...device, index: 0 }], driver: '600.1' },
    { ok: true, devices: [], unidentified: [] },
    report,
  ];
  for (const one of reports) expect(unpack(sent(pack(one)))).toEqual(one);
});

it('says who the GPUs are once, for they seldom change', () => {
  const pack = reportPacker();
  expect(pack(report)).toHaveProperty('roster.devices.length', 3);
  expect(pack(report)).not.toHaveProperty('roster');
});

it.for<[what: string, rubbish: unknown, complaint: string]>([
  ['no numbers', { ok: true, forms: '', unidentified: [] }, 'string'],
  [
    'readings of GPUs that it never named',
    { ok: true, forms: 'p', numbers: '', unidentified: [] },
    'not the readings',
  ],
])('refuses %s', ([, rubbish, complaint]) => {
  expect(() => reportUnpacker()(rubbish as PackedReport)).toThrow(complaint);
});
