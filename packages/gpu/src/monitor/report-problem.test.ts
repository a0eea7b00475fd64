import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fakeDevice, fakeReport } from '../testing/scripted-gpu-source.ts';
import { reportProblem } from './report-problem.ts';

const device = fakeDevice({ utilization: 0.5 });
const withDevice = (change: object): unknown => ({
  ok: true,
  devices: [{ ...device, ...change }],
  unidentified: [],
});

it.for<[unknown, RegExp]>([
  // report                                                   complaint
  [undefined, /expected an object, got undefined/],
  ['no GPU', /expected an object/],
  [{}, /ok is neither/],
  [{ ok: false, reason: 'dunno' }, /no reason "dunno"/], // its state would be undefined
  [{ ok: true }, /devices is no list/],
  [{ ok: true, devices: [] }, /unidentified is no list/],
  [{ ok: true, devices: [null], unidentified: [] }, /devices\[0\] is no object/],
  [{ ok: true, devices: [], unidentified: [{}] }, /unidentified\[0\]\.why/],
  [withDevice({ uuid: undefined }), /\[0\]\.uuid is no text/],
  [withDevice({ index: '0' }), /\.index is no number/],
  [withDevice({ powerWatts: 300 }), /\.powerWatts is no reading/],
  [withDevice({ powerWatts: { ok: true } }), /\.powerWatts is no reading/],
  [withDevice({ powerWatts: { ok: false } }), /\.powerWatts is no reading/],
  [withDevice({ details: { fanRatio: 1 } }), /\.details/],
  [withDevice({ selfMemoryBytes: 5 }), /\.selfMemoryBytes/],
  [withDevice({ xids: 79 }), /\.xids is no list/],
  [{ ok: true, devices: [device, device], unidentified: [] }, /one uuid/], // two values of one series
  [{ ok: true, devices: Array.from({ length: 2000 }), unidentified: [] }, /more than 1024/],
])('%j: %s', ([report, complaint]) => {
  expect(reportProblem(report)).toMatch(complaint);
});

it('finds nothing wrong with what is right', () => {
  const details = { fanRatio: { ok: false, why: 'unsupported' } } as const;
  const well = { ...device, details, xids: [79], instances: [], processes: [] };
  expect(reportProblem(fakeReport(well))).toBeUndefined();
  expect(reportProblem({ ok: false, reason: 'no-gpu' })).toBeUndefined();
});

it('survives anything', () => {
  fc.assert(
    fc.property(fc.anything(), (report) => {
      const within = [
        { devices: report, unidentified: [] },
        { devices: [report], unidentified: [] },
      ];
      for (const one of [report, ...within.map((parts) => ({ ok: true, ...parts }))]) {
        expect(() => reportProblem(one)).not.toThrow();
      }
    }),
  );
});
