import fc from 'fast-check';
import { expect, it } from 'vitest';
import { silentDevice, type GpuDevice } from '../device/gpu-device.ts';
import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import { bookUsage, emptyLedger, type UsageLedger } from './usage-ledger.ts';

const noPrice = (): undefined => undefined;
const known = { elapsedSeconds: 10, knownSeconds: 30 };
const lost = silentDevice({ index: 0, uuid: 'GPU-0', name: 'Fake GPU' }, { ok: false, why: 'lost' });

/** Rounds ten seconds apart; `failed` is a round without an answer. */
function book(rounds: readonly (readonly GpuDevice[] | 'failed')[]): UsageLedger {
  let ledger = emptyLedger;
  for (const devices of rounds) {
    ledger = bookUsage(ledger, devices === 'failed' ? undefined : devices, known, noPrice);
  }
  return ledger;
}

const point = (value: number) => ({ ok: true, kind: 'point', value }) as const;
const at = (utilization: number): GpuDevice[] => [fakeDevice({ utilization })];

it.for([
  // rounds                                            busy  idle  unknown   why the row is here
  [[at(0.5)], [0, 0, 0]], //                                                 the time before is not ours
  [
    [at(0), at(0.25)],
    [2.5, 7.5, 0],
  ], //                                     the mean of the time since
  [
    [at(0), at(0)],
    [0, 10, 0],
  ], //                                           0 is idle
  [
    [at(0), [fakeDevice({ powerWatts: 70 })]],
    [0, 0, 10],
  ], //                unsupported (MIG) is not idle
  [
    [at(1), 'failed', at(1)],
    [10, 0, 10],
  ], //                                a failed round is unknown
  [
    [at(1), [lost]],
    [0, 0, 10],
  ], //                                          lost, and paid all the same
  [
    [at(1), [], at(1)],
    [0, 0, 0],
  ], //                                        pulled out: nobody pays, and new when back
  [
    [at(1), at(Number.NaN)],
    [0, 0, 10],
  ],
  [
    [at(0), at(1.7)],
    [10, 0, 0],
  ], //                                         samples of a driver above 100 %
] as const)('%#', ([rounds, [busy, idle, unknown]]) => {
  const [entry] = [...book(rounds).usage.values()];
  expect(entry?.seconds).toEqual({ busy, idle, unknown });
});

it.for([
  // instances (slices of 7, busy)    busy  idle  unknown   why the row is here
  [
    [
      [3, 1],
      [1, 0.5],
    ],
    [5, 5, 0],
  ], //               3/7 + 0.5/7; slices of nobody idle
  [
    [
      [3, 1],
      [1, undefined],
    ],
    [0, 0, 10],
  ], //             one is not told: nothing is
  [[[undefined, 1]], [0, 0, 10]], //           nobody knows how large it is
  [[], [0, 0, 10]], //                         MIG mode without instances
] as const)('weighs MIG instances by their slices: %j', ([instances, expected]) => {
  const device = {
    ...fakeDevice({ powerWatts: 300 }),
    instances: instances.map(([slices, busy], i) => ({
      uuid: `MIG-${i}`,
      name: 'a MIG instance',
      memoryUsedBytes: point(0),
      memoryTotalBytes: point(1),
      smUtilization: busy === undefined ? ({ ok: false, why: 'unsupported' } as const) : point(busy),
      ...(slices !== undefined && { sliceRatio: slices / 7 }),
    })),
  };
  const { seconds } = [...book([[device], [device]]).usage.values()][0] ?? {};
  expect([seconds?.busy, seconds?.idle, seconds?.unknown]).toEqual(
    expected.map((value) => expect.closeTo(value, 9) as number),
  );
});

it('believes a reading for no longer than it can speak for', () => {
  const first = bookUsage(emptyLedger, at(1), known, noPrice);
  const late = bookUsage(first, at(1), { elapsedSeconds: 100, knownSeconds: 30 }, noPrice);
  expect([...late.usage.values()][0]?.seconds).toEqual({ busy: 30, idle: 0, unknown: 70 });
});

it('counts the cost of all time, by its basis', () => {
  const model = bookUsage(book([at(1)]), at(1), known, () => ({ perHour: 360, basis: 'model' }));
  const both = bookUsage(model, undefined, known, () => ({ perHour: 36, basis: 'instance' }));
  expect([...both.usage.values()][0]?.cost).toEqual({ model: 1, instance: 0.1 });
});

it('takes no time away when the clock is set back', () => {
  const ledger = bookUsage(book([at(1), at(1)]), at(1), { elapsedSeconds: -3600, knownSeconds: 30 }, noPrice);
  expect([...ledger.usage.values()][0]?.seconds).toEqual({ busy: 10, idle: 0, unknown: 0 });
});

it('loses no second and invents none', () => {
  const device = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
  const round = fc.option(device, { nil: 'failed' as const });
  fc.assert(
    fc.property(fc.array(round, { maxLength: 30 }), (rounds) => {
      const devices = rounds.map((utilization) =>
        utilization === 'failed'
          ? utilization
          : [fakeDevice(utilization === undefined ? { powerWatts: 1 } : { utilization })],
      );
      const [entry] = [...book(devices).usage.values()];
      const first = devices.findIndex((answer) => answer !== 'failed');
      const watched = first === -1 ? 0 : (devices.length - 1 - first) * 10;
      const { busy = 0, idle = 0, unknown = 0 } = entry?.seconds ?? {};
      expect(busy + idle + unknown).toBeCloseTo(watched, 9);
    }),
  );
});

it('forgets the GPU unseen for longest when there are too many', () => {
  let ledger = emptyLedger;
  for (let i = 0; i < 300; i++) {
    ledger = bookUsage(ledger, [fakeDevice({ uuid: `GPU-${i}`, utilization: 1 })], known, noPrice);
  }
  expect(ledger.usage.size).toBe(256);
  expect(ledger.usage.has('GPU-299')).toBe(true);
});
