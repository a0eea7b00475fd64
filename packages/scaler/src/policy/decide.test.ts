import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AutoscalerConfig, MetricRule } from '../config/autoscaler-config.ts';
import type { ReplicaState } from '../targets/scale-target.ts';
import { decide } from './decide.ts';
import type { Decision, DecisionInput, MetricReading } from './decision.ts';

const nowMs = Date.UTC(2026, 0, 5, 12);
const MINUTE_MS = 60_000;

const qps: MetricRule = {
  name: 'qps',
  query: 'sum(rate(http_requests_total[1m]))',
  up: 100,
  down: 30,
  per: 'replica',
};
const gpu: MetricRule = { name: 'gpu', query: 'avg(gpu_utilization)', up: 0.8, down: 0.3, per: 'total' };

function configOf(changes: Partial<AutoscalerConfig> = {}): AutoscalerConfig {
  return {
    source: 'test',
    mode: 'threshold',
    metrics: [qps, gpu],
    minReplicas: 1,
    maxReplicas: 10,
    cooldownMs: { up: 0, down: 5 * MINUTE_MS },
    upStep: 2,
    downStep: 1,
    intervalMs: 15_000,
    staleAfterMs: MINUTE_MS,
    timeWindows: [],
    warnings: [],
    ...changes,
  };
}

const EMPTY = 'empty';
const FAILED = 'failed';
const SET_ASIDE = 'set-aside';
type Written = number | typeof EMPTY | typeof FAILED | typeof SET_ASIDE;

function reading(name: string, written: Written, ageMs = 0): MetricReading {
  if (written === EMPTY) return { name, state: 'empty' };
  if (written === FAILED) return { name, state: 'failed', detail: 'down' };
  if (written === SET_ASIDE) return { name, state: 'unavailable', detail: 'no GPU' };
  return { name, state: 'value', value: written, timeMs: nowMs - ageMs };
}

function steady(count: number): ReplicaState {
  return { desired: count, ready: count, starting: 0, draining: 0 };
}

function decideOn(
  load: Written,
  gpuLoad: Written,
  replicas: ReplicaState,
  more: Partial<DecisionInput> = {},
  changes: Partial<AutoscalerConfig> = {},
): Decision {
  const metrics = [reading('qps', load), reading('gpu', gpuLoad)];
  return decide({ nowMs, metrics, replicas, ...more }, configOf(changes));
}

describe('decide', () => {
  it.for([
    // qps        gpu          replicas  then  reason               why the row is here
    [132, 0.1, 1, 3, 'above-threshold'], //      the article's log: one metric above is enough
    [50, 0.9, 1, 3, 'above-threshold'], //       the other one
    [100, 0.8, 1, 1, 'within-thresholds'], //    exactly at the threshold is not above it
    [300, 0.1, 3, 3, 'within-thresholds'], //    100 each: the load is shared
    [80, 0.1, 3, 2, 'all-below'],
    [90, 0.1, 3, 3, 'within-thresholds'], //     exactly at the threshold is not below it
    [80, 0.5, 3, 3, 'within-thresholds'], //     one below is not all
    [10, 0.1, 1, 1, 'at-minimum'],
    [2000, 0.1, 9, 10, 'above-threshold'], //    a step of 2 is cut at the maximum
    [2000, 0.1, 10, 10, 'at-maximum'],
    [10, 0.1, 12, 10, 'above-maximum'], //       the maximum was lowered under us
    [EMPTY, EMPTY, 0, 1, 'below-minimum'], //    bounds come before metrics
    [EMPTY, 0.1, 3, 3, 'metric-unknown'], //     no data is not idleness
    [10, FAILED, 3, 3, 'metric-unknown'],
    [Number.NaN, 0.1, 3, 3, 'metric-unknown'],
    [Infinity, 0.1, 3, 3, 'metric-unknown'], //  a division by zero is not a load
    [EMPTY, 0.9, 3, 5, 'above-threshold'], //    what is unknown never forbids a step up
    [10, SET_ASIDE, 3, 2, 'all-below'], //       known to be absent is not unknown
    [SET_ASIDE, SET_ASIDE, 3, 3, 'all-set-aside'],
    [EMPTY, SET_ASIDE, 3, 3, 'metric-unknown'],
  ] as const)('qps %s, gpu %s on %i replicas → %i (%s)', ([load, gpuLoad, count, then, reason]) => {
    expect(decideOn(load, gpuLoad, steady(count))).toMatchObject({ from: count, to: then, reason });
  });

  it.for([
    // replicas                                          qps  then  reason              why
    [{ desired: 3, ready: 1, starting: 2, draining: 0 }, 132, 3, 'replicas-starting'], // 44 each once they serve
    [{ desired: 3, ready: 1, starting: 2, draining: 0 }, 400, 5, 'above-threshold'], // 133 each even then
    [{ desired: 3, ready: 1, starting: 2, draining: 0 }, 5, 3, 'replicas-starting'], // a rollout is no time to go down
    [{ desired: 2, ready: 2, starting: 0, draining: 1 }, 5, 2, 'replicas-draining'],
    [{ desired: 2, ready: 2, starting: 0, draining: 1 }, 300, 4, 'above-threshold'], // a drain never delays a rescue
  ] as const)(
    'counts starting and draining replicas apart: %o at %i qps → %i (%s)',
    ([replicas, load, to, reason]) => {
      expect(decideOn(load, 0.1, replicas)).toMatchObject({ to, reason });
    },
  );

  it.for([
    // completed                                  qps   then  reason             why
    [{ lastUpMs: nowMs - 4 * MINUTE_MS }, 10, 3, 'cooldown'], //                 would undo the step up
    [{ lastDownMs: nowMs - 4 * MINUTE_MS }, 10, 3, 'cooldown'],
    [{ lastDownMs: nowMs - 5 * MINUTE_MS }, 10, 2, 'all-below'], //              over to the millisecond
    [{ lastDownMs: nowMs - 1000 }, 999, 5, 'above-threshold'], //                never blocks a step up
    [{ lastUpMs: nowMs - 1000 }, 999, 5, 'above-threshold'],
    [{ lastDownMs: nowMs + 60 * MINUTE_MS }, 10, 3, 'cooldown'], //              the clock was set back an hour …
  ] as const)('with %o, %i qps on 3 replicas → %i (%s)', ([last, load, to, reason]) => {
    expect(decideOn(load, 0.1, steady(3), last)).toMatchObject({ to, reason });
  });

  it('waits after a clock that was set back no longer than the cooldown', () => {
    const { cooldownRemainingMs } = decideOn(10, 0.1, steady(3), { lastDownMs: nowMs + 60 * MINUTE_MS });
    expect(cooldownRemainingMs.down).toBe(5 * MINUTE_MS);
  });

  it('honours a cooldown of the up direction when one is asked for', () => {
    const cooldownMs = { up: MINUTE_MS, down: 0 };
    const last = { lastUpMs: nowMs - 1000 };
    expect(decideOn(999, 0.1, steady(3), last, { cooldownMs })).toMatchObject({
      action: 'hold',
      reason: 'cooldown',
    });
  });

  it('takes no sample that is too old, in either direction', () => {
    const metrics = [reading('qps', 999, 2 * MINUTE_MS), reading('gpu', 0.1)];
    const decision = decide({ nowMs, metrics, replicas: steady(3) }, configOf());
    expect(decision).toMatchObject({ action: 'hold', reason: 'metric-unknown' });
    expect(decision.inputs[0]).toMatchObject({ verdict: 'stale', detail: '120 s old' });
  });

  it('does not go down to where it would have to come back', () => {
    const close = configOf({ metrics: [{ ...qps, down: 90 }], downStep: 3 });
    const metrics = [reading('qps', 320)];
    // 80 each on 4; 107 each on 3 would be above 100 again.
    expect(decide({ nowMs, metrics, replicas: steady(4) }, close)).toMatchObject({
      to: 4,
      reason: 'would-flap',
    });
    // 46 each on 7; 4 carry 80 each: the whole step is safe.
    expect(decide({ nowMs, metrics, replicas: steady(7) }, close)).toMatchObject({
      to: 4,
      reason: 'all-below',
    });
    // On 6, 3 would be too few: the step is cut.
    const cut = decide({ nowMs, metrics, replicas: steady(6) }, close);
    expect(cut).toMatchObject({ to: 4, limits: [{ rule: 'flapping', from: 3, to: 4 }] });
  });

  it('adds as many as the thresholds need when the step is auto', () => {
    const auto = { upStep: 'auto' } as const;
    expect(decideOn(650, 0.1, steady(1), {}, auto)).toMatchObject({ to: 7 });
    expect(decideOn(50, 0.9, steady(3), {}, auto)).toMatchObject({ to: 4 }); // a utilisation says no number
    // 0.3 ÷ 0.1 is 3.0000000000000004 in floating point; without the slack that is a fourth replica.
    const fine = configOf({ metrics: [{ ...qps, up: 0.1, down: 0 }], upStep: 'auto' });
    const metrics = [reading('qps', 0.1 + 0.2)];
    expect(decide({ nowMs, metrics, replicas: steady(1) }, fine)).toMatchObject({ to: 3 });
  });

  it('uses the thresholds and bounds of the window in force, and names it', () => {
    const window = {
      name: 'night',
      days: ['mon'],
      startMinute: 0,
      endMinute: 1440,
      timezone: 'UTC',
      thresholds: { qps: { up: 40, down: 10 } },
      maxReplicas: 2,
    } as const;
    const decision = decideOn(50, 0.1, steady(1), {}, { timeWindows: [window] });
    expect(decision).toMatchObject({ to: 2, reason: 'above-threshold', window: 'night', maxReplicas: 2 });
    expect(decision.inputs.map(({ up }) => up)).toEqual([40, 0.8]);
  });

  it('lists everything that holds it back, not only the first', () => {
    const replicas = { desired: 3, ready: 2, starting: 1, draining: 1 };
    expect(decideOn(5, 0.1, replicas, { lastDownMs: nowMs }).holds).toEqual([
      'replicas-starting',
      'replicas-draining',
      'cooldown',
    ]);
  });
});

describe('decide, whatever it is fed', () => {
  // fc.double() alone almost never draws the awkward values, so they are listed.
  const anyLoad: fc.Arbitrary<Written> = fc.oneof(
    fc.constantFrom<Written[]>(EMPTY, FAILED, SET_ASIDE, Number.NaN, Infinity, -Infinity, 0),
    fc.double({ min: 0, max: 3000, noNaN: true }),
  );
  const anyReplicas = fc
    .tuple(fc.nat(15), fc.nat(5), fc.nat(3))
    .map(([ready, starting, draining]) => ({ desired: ready + starting, ready, starting, draining }));

  it('stays in the bounds', () => {
    fc.assert(
      fc.property(anyLoad, anyLoad, anyReplicas, (load, gpuLoad, replicas) => {
        const { to, action } = decideOn(load, gpuLoad, replicas);
        expect(to).toBeGreaterThanOrEqual(1);
        expect(to).toBeLessThanOrEqual(10);
        expect(Math.sign(to - replicas.desired)).toBe({ up: 1, hold: 0, down: -1 }[action]);
      }),
    );
  });

  it('never goes down for a reason of load while any metric is unknown', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Written[]>(EMPTY, FAILED, Number.NaN, Infinity),
        anyLoad,
        anyReplicas,
        (unknown, load, replicas) => {
          expect(decideOn(unknown, load, replicas).reason).not.toBe('all-below');
          expect(decideOn(load, unknown, replicas).reason).not.toBe('all-below');
        },
      ),
    );
  });

  it('wants no fewer replicas for a higher load', () => {
    const load = fc.double({ min: 0, max: 3000, noNaN: true });
    fc.assert(
      fc.property(load, load, anyReplicas, (a, b, replicas) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(decideOn(low, 0.1, replicas).to).toBeLessThanOrEqual(decideOn(high, 0.1, replicas).to);
      }),
    );
  });
});
