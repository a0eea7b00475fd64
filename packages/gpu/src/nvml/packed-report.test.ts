import { expect, it } from 'vitest';
import { detailNames } from '../device/gpu-detail.ts';
import type { GpuReport } from '../device/gpu-source.ts';
import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import { replyPacker, replyUnpacker } from './packed-report.ts';

const device = {
  ...fakeDevice({ index: 1, utilization: 0, memoryUsedBytes: 1, memoryTotalBytes: 2, powerWatts: 3.5 }),
  temperatureCelsius: { ok: true, kind: 'mean', value: 4, n: 2, max: 5 },
  // Every detail has a value of its own: none may land in the place of another.
  details: Object.fromEntries(detailNames.map((name, i) => [name, { ok: true, kind: 'point', value: i }])),
  selfMemoryBytes: { ok: true, kind: 'point', value: 6 },
} as const;
const report: GpuReport = {
  ok: true,
  devices: [fakeDevice(), device, { ...fakeDevice({ index: 2 }), details: { fanRatio: device.powerWatts } }],
  unidentified: [{ index: 3, why: 'lost' }],
  driver: '590.48.01',
};
const withRest: GpuReport = {
  ...report,
  devices: [
    {
      ...device,
      name: 'Grafikkarte mit Übertakter',
      instances: [],
      xids: [79],
      processes: [{ pid: 1, memoryUsedBytes: { ok: false, why: 'denied' } }],
    },
  ],
};

it('carries whole reports unchanged, whatever changes from one to the next', () => {
  const [pack, unpack] = [replyPacker(), replyUnpacker()];
  const reports: GpuReport[] = [
    report,
    report,
    { ...report, devices: [device] }, // one has gone
    { ok: false, reason: 'no-devices', evidence: 'none' },
    withRest,
    { ...report, devices: [{ ...device, index: 0 }] }, // it moved
    { ok: true, devices: [], unidentified: [] },
    report,
  ];
  for (const [id, one] of reports.entries()) {
    // As it travels: in a buffer of the service's own, at any place.
    const chunk = Buffer.concat([Buffer.from('x'), pack(id, one)]);
    expect(unpack(chunk.subarray(1))).toEqual({ id, report: one });
  }
});

it('says what is no number once, for it seldom changes', () => {
  const pack = replyPacker();
  const texts = [report, report, withRest].map((one) => Buffer.from(pack(1, one)).includes('{"ok"'));
  expect(texts).toEqual([true, false, true]);
});

it('refuses numbers before it knows whose they are, and parts that are not as long as they say', () => {
  const pack = replyPacker();
  const packed = Buffer.from(pack(1, report));
  expect(() => replyUnpacker()(Buffer.from(pack(2, report)))).toThrow('the first reply has no text');
  expect(() => replyUnpacker()(packed.subarray(0, -1))).toThrow('not as long as it says');
});
