import { expect, it } from 'vitest';
import type { GpuReport } from '../device/gpu-source.ts';
import { fakeDevice, fakeReport } from '../testing/scripted-gpu-source.ts';
import { wearGauge } from './wear-gauge.ts';

const well = fakeReport(fakeDevice({ utilization: 0 }));
const failing = (code: number): GpuReport =>
  fakeReport({ ...fakeDevice({ utilization: 0 }), powerWatts: { ok: false, why: 'error', code } });

/** After which of the rounds, counted from 1, the library is opened anew. */
function reopened(rounds: readonly GpuReport[]): number[] {
  const isWorn = wearGauge();
  return rounds.flatMap((report, i) => (isWorn(report) ? [i + 1] : []));
}

const times = (count: number, report: GpuReport): GpuReport[] => Array.from({ length: count }, () => report);

it.for<[string, readonly GpuReport[], number[]]>([
  ['four in a row', times(4, failing(999)), []],
  ['five in a row', times(5, failing(999)), [5]],
  ['five with a good one among them', [...times(4, failing(999)), well, failing(999)], []],
  ['no memory, five times', times(5, failing(20)), [5]],
  ['what is not supported, for ever', times(50, failing(3)), []],
  ['an error for ever: ever more seldom', times(75, failing(999)), [5, 15, 35, 75]],
  ['a driver that failed: at once', [{ ok: false, reason: 'driver-failed' }], [1]],
])('%s', ([, rounds, expected]) => {
  expect(reopened(rounds)).toEqual(expected);
});
