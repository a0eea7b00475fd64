import { describe, expect, it } from 'vitest';
import { createArticleRule } from './article-rule.ts';
import { createAwsTargetTracking } from './aws-target-tracking.ts';
import { createHpaBehavior, hpaAverageValueReplicas, hpaCombine, hpaUtilizationReplicas } from './hpa.ts';
import { createKedaActivation, kedaMetricValue } from './keda.ts';
import { createKnativeAutoscaler } from './knative.ts';
import { createRayServeAutoscaler } from './ray-serve.ts';

// Every expected number is computed by hand from the algorithm of the project's own source, named at the function.

describe('HPA v2, replicas by utilisation', () => {
  it.for([
    // pods                                            value  target then  why
    [{ spec: 4, ready: 4 }, 0.8, 0.8, 4], //                  on target
    [{ spec: 4, ready: 4 }, 0.87, 0.8, 4], //                 ratio 1.0875: within the tolerance of 0.1
    [{ spec: 4, ready: 4 }, 0.73, 0.8, 4], //                 ratio 0.9125
    [{ spec: 4, ready: 4 }, 1.0, 0.8, 5], //                  4 × 1.25
    [{ spec: 5, ready: 5 }, 0.98, 0.7, 7], //                 exactly 7, though the quotient says 7.000000000000001
    [{ spec: 4, ready: 4 }, 0.2, 0.8, 1],
    [{ spec: 4, ready: 4 }, Number.NaN, 0.8, 4], //           no value: no change
    [{ spec: 6, ready: 4, unready: 2 }, 1.0, 0.8, 6], //      starting ones at 0: 4 × 1.0 / 6 / 0.8 = 0.83: flipped, hold
    [{ spec: 6, ready: 4, unready: 2 }, 1.6, 0.8, 8], //      4 × 1.6 / 6 / 0.8 = 1.333 × 6 = 8
    [{ spec: 6, ready: 4, unready: 2 }, 0.4, 0.8, 2], //      below the target the starting ones do not count: 0.5 × 4
    [{ spec: 5, ready: 4, missing: 1 }, 0.4, 0.8, 3], //      down: missing at the target: (1.6 + 0.8) / 5 / 0.8 = 0.6 × 5
    [{ spec: 5, ready: 4, missing: 1 }, 1.6, 0.8, 8], //      up: missing at 0: 6.4 / 5 / 0.8 = 1.6 × 5
    [{ spec: 5, ready: 4, missing: 1 }, 0.95, 0.8, 5], //     up 1.19, corrected 0.95: flipped, hold
  ] as const)('%o at %f of %f → %i', ([pods, value, target, then]) => {
    expect(hpaUtilizationReplicas(pods, value, target)).toBe(then);
  });
});

describe('HPA v2, replicas by an average value', () => {
  it.for([
    [4, 64, 16, 4],
    [4, 70, 16, 4], //  1.09: within the tolerance
    [4, 71, 16, 5], //  1.11: 71 / 16 = 4.4
    [4, 33, 16, 3],
    [3, Number.NaN, 16, 3],
  ] as const)('%i replicas at a total of %f, %f each → %i', ([replicas, total, target, then]) => {
    expect(hpaAverageValueReplicas(replicas, total, target)).toBe(then);
  });

  it.for([
    [4, [6, 3], 6], //              the greatest
    [4, [undefined, undefined], 4], // all unknown: nothing moves
    [4, [2, undefined], 4], //      some unknown: never down
    [4, [7, undefined], 7], //      and yet up
  ] as const)('%i replicas, proposals %j → %i', ([current, proposals, then]) => {
    expect(hpaCombine(current, proposals)).toBe(then);
  });
});

describe('HPA v2, behaviour', () => {
  it('goes down to the greatest recommendation of five minutes', () => {
    const behavior = createHpaBehavior({ target: 1, maxReplicas: 100 });
    expect(behavior.next(0, 10, 10)).toBe(10);
    expect(behavior.next(15, 10, 4)).toBe(10);
    expect(behavior.next(150, 10, 7)).toBe(10);
    // At 300 s what was recommended at 0 is over; 4 of 15 s, 7 of 150 s and 3 of now remain.
    expect(behavior.next(300, 10, 3)).toBe(7);
    expect(behavior.next(449, 7, 3)).toBe(7);
    expect(behavior.next(451, 7, 3)).toBe(3);
  });

  it('goes up by four or by as many as there are in 15 s, whichever is more', () => {
    const behavior = createHpaBehavior({ target: 1, maxReplicas: 100 });
    expect(behavior.next(0, 1, 90)).toBe(5); //   1 + 4
    expect(behavior.next(5, 5, 90)).toBe(5); //   of these 15 s, 4 are used: from 1, 5 at most
    expect(behavior.next(15, 5, 90)).toBe(10); // 5 × 2
    expect(behavior.next(30, 10, 90)).toBe(20);
  });

  it('starts from the replicas that it finds, and keeps its bounds', () => {
    const behavior = createHpaBehavior({ target: 1, minReplicas: 2, maxReplicas: 6 });
    expect(behavior.next(0, 4, 1)).toBe(4); // a new controller remembers 4 for five minutes
    expect(behavior.next(301, 4, 1)).toBe(2);
    expect(behavior.next(316, 4, 50)).toBe(6);
  });
});

describe('KEDA', () => {
  it.for([
    [{ value: 7 }, true, 7],
    [{ value: undefined }, true, 0], //   the default that scales a service down when its metrics are lost
    [{ value: undefined }, false, undefined],
    [{ value: Number.NaN }, true, 0],
    [{ value: Infinity }, true, 0],
    [{ value: Number.NaN }, false, undefined],
    [{ value: -3 }, true, 0],
    [{ value: 7, failed: true }, true, undefined],
  ] as const)('%o with ignoreNullValues %s is %s', ([reading, ignore, then]) => {
    expect(kedaMetricValue(reading, ignore)).toBe(then);
  });

  it('wakes at once, and sleeps after the cooldown, from any number', () => {
    const activation = createKedaActivation({ activationThreshold: 1 });
    expect(activation.next(0, 0, 0)).toBeUndefined();
    expect(activation.next(30, 0, 2)).toBe(1);
    expect(activation.next(60, 5, 0)).toBeUndefined();
    expect(activation.next(330, 5, 0)).toBeUndefined(); // 300 s since 30 s: not yet more
    expect(activation.next(331, 5, 0)).toBe(0);
  });

  it('ignores the cooldown when nothing was ever active', () => {
    expect(createKedaActivation().next(0, 3, 0)).toBe(0);
    expect(createKedaActivation({ minReplicaCount: 1 }).next(0, 3, 0)).toBeUndefined();
  });
});

describe('Knative', () => {
  const create = () => createKnativeAutoscaler({ containerConcurrency: 10, targetUtilization: 0.7 });

  it('follows the mean of the stable window', () => {
    const autoscaler = create();
    expect(autoscaler.next(0, 1, 20, 7)).toBe(3); //   20 / 7 = 2.9; 7 / 7 = 1 is no panic
    expect(autoscaler.next(2, 3, 6, 6)).toBe(1); //    down to the floor of 3 / 2
    expect(autoscaler.next(4, 10, 6, 6)).toBe(5); //   by half at most
  });

  it('panics at twice what is ready, and never goes down in it', () => {
    const autoscaler = create();
    expect(autoscaler.next(0, 1, 7, 14)).toBe(2); //   14 / 7 = 2 = 200 %
    expect(autoscaler.next(2, 2, 7, 70)).toBe(10); //  the greater of both, kept
    expect(autoscaler.next(4, 10, 7, 7)).toBe(10);
    expect(autoscaler.next(62, 10, 7, 7)).toBe(10); // 60 s since the last panic of 2 s: not yet more
    expect(autoscaler.next(63, 10, 14, 7)).toBe(5); // out of it: 2, by half at most
  });

  it('starts in panic when it finds more than one', () => {
    const autoscaler = create();
    expect(autoscaler.next(0, 6, 7, 7)).toBe(6);
    expect(autoscaler.next(61, 6, 7, 7)).toBe(3);
  });

  it('does nothing without data', () => {
    expect(create().next(0, 1, Number.NaN, Number.NaN)).toBe(1);
  });
});

describe('Ray Serve', () => {
  it('acts once a direction has been asked for through its delay', () => {
    const autoscaler = createRayServeAutoscaler({
      maxReplicas: 20,
      loopSeconds: 10,
      downscaleDelaySeconds: 30,
    });
    // 12 ongoing on 2 replicas of 2 each: ratio 3, so 6. The delay of 30 s is three runs; the fourth acts.
    expect([1, 2, 3, 4].map(() => autoscaler.next(2, 12))).toEqual([2, 2, 2, 6]);
    expect([1, 2, 3, 4].map(() => autoscaler.next(6, 4))).toEqual([6, 6, 6, 2]);
  });

  it('starts its count anew when the direction changes or nothing is asked', () => {
    const autoscaler = createRayServeAutoscaler({ maxReplicas: 20, loopSeconds: 10 });
    for (const ongoing of [12, 12, 12, 4, 12, 12, 12, 2, 12, 12, 12]) {
      expect(autoscaler.next(2, ongoing)).toBe(2);
    }
    expect(autoscaler.next(2, 12)).toBe(6);
  });

  it('wakes from zero, and damps with its factor', () => {
    const autoscaler = createRayServeAutoscaler({
      maxReplicas: 20,
      loopSeconds: 10,
      upscaleDelaySeconds: 0,
      upscalingFactor: 0.5,
    });
    expect(autoscaler.next(0, 1)).toBe(1);
    expect(autoscaler.next(2, 12)).toBe(4); // 2 × (1 + (3 - 1) × 0.5)
  });
});

describe('AWS target tracking', () => {
  it('goes out after 3 minutes above, in proportion', () => {
    const tracking = createAwsTargetTracking({ target: 50 });
    expect([0, 60].map((at) => tracking.next(at, 4, 75))).toEqual([4, 4]);
    expect(tracking.next(120, 4, 75)).toBe(6); //      4 × 75 / 50
    expect(tracking.next(180, 6, 75, 4)).toBe(6); //   the same is not asked for twice
    expect(tracking.next(240, 6, 100, 4)).toBe(8); //  within the cooldown, a larger one
  });

  it('goes in after 15 minutes below nine tenths, and not within a cooldown', () => {
    const tracking = createAwsTargetTracking({ target: 50 });
    for (let minute = 0; minute < 14; minute++) expect(tracking.next(minute * 60, 10, 20)).toBe(10);
    expect(tracking.next(840, 10, 20)).toBe(4);
    expect(tracking.next(900, 4, 20)).toBe(4);
    expect(tracking.next(1139, 4, 20)).toBe(4);
    expect(tracking.next(1140, 4, 20)).toBe(2);
  });

  it('holds between 90 % and the target, and without data', () => {
    const tracking = createAwsTargetTracking({ target: 50 });
    for (let minute = 0; minute < 40; minute++) expect(tracking.next(minute * 60, 10, 46)).toBe(10);
    for (let minute = 40; minute < 54; minute++) tracking.next(minute * 60, 10, 20);
    expect(tracking.next(54 * 60, 10, undefined)).toBe(10); // a gap starts the count anew
    expect(tracking.next(55 * 60, 10, 20)).toBe(10);
  });
});

describe("the article's rule", () => {
  it('goes one up when any is above, one down when all are below, and then waits', () => {
    const rule = createArticleRule({ up: 100, down: 20 });
    expect(rule.next(0, 2, [120, 10])).toBe(3);
    expect(rule.next(299, 3, [500, 500])).toBe(3); // its cooldown delays the rescue too
    expect(rule.next(300, 3, [100, 20])).toBe(3); //  equal is neither
    expect(rule.next(315, 3, [19, 19])).toBe(2);
    expect(rule.next(615, 2, [19, 25])).toBe(2);
  });
});
