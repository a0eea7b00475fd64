import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test/seeded.ts';
import type { AutoscalerConfig } from '../config/autoscaler-config.ts';
import { loadAutoscalerConfig } from '../config/load-autoscaler-config.ts';
import { learnTick } from '../slo/learn-tick.ts';
import { frameOf } from '../slo/objective-of.ts';
import { newKnowledge, type ServiceKnowledge } from '../slo/service-knowledge.ts';
import { decide } from './decide.ts';
import type { Decision, MetricReading } from './decision.ts';

const TICK_MS = 15_000;
const config = loadAutoscalerConfig(`
metrics:
  - name: qps
    query: sum(rate(http_requests_total[1m]))
    scale_up_threshold: 100
    scale_down_threshold: 30
  - name: gpu
    query: avg(gpu_utilization)
    scale_up_threshold: 0.9
    scale_down_threshold: 0.3
scaling:
  min_replicas: 2
  max_replicas: 20
slo:
  max_latency: 500
  replica_rps: 20
`);

/** What is learned from ticks of a load; the last of them is at `lastMs`. */
function taught(loads: readonly number[], given: AutoscalerConfig = config): ServiceKnowledge {
  const frame = frameOf(given);
  if (frame === undefined) throw new Error('no objective');
  const knowledge = newKnowledge(frame.objective.budget);
  for (const [tick, requestsPerSecond] of loads.entries()) {
    learnTick(knowledge, { nowMs: tick * TICK_MS, requestsPerSecond, ready: 20 }, frame);
  }
  return knowledge;
}

const random = seeded(9);
const noisy = (rate: number, ticks: number): number[] =>
  Array.from({ length: ticks }, () => rate * (1 + 0.04 * (random() - 0.5)));
const calm = taught(noisy(120, 1500));
const nowMs = 1500 * TICK_MS;

function decideOn(
  qps: number | undefined,
  from: number,
  {
    service = calm,
    gpu = 0.5,
    given = config,
  }: { service?: ServiceKnowledge; gpu?: number; given?: AutoscalerConfig } = {},
): Decision {
  const reading = (name: string, value: number | undefined): MetricReading =>
    value === undefined ? { name, state: 'empty' } : { name, state: 'value', value, timeMs: nowMs };
  const replicas = { desired: from, ready: from, starting: 0, draining: 0 };
  return decide({ nowMs, metrics: [reading('qps', qps), reading('gpu', gpu)], replicas, service }, given);
}

describe('decide with a latency objective', () => {
  it('is the mode of a file that has one', () => {
    expect(config).toMatchObject({
      mode: 'slo',
      objective: { maxLatencyMs: 500, rate: 'qps', replicaRps: 20 },
    });
  });

  it.for([
    // qps      from  then  action  reason               why
    [120, 6, 7, 'up', 'load-needs-more'], //              6 replicas of 20 cannot serve 120 within 500 ms
    [120, 7, 7, 'hold', 'enough-replicas'],
    [120, 1, 2, 'up', 'below-minimum'], //                the bounds come first
    [120, 25, 20, 'down', 'above-maximum'],
    [390, 20, 20, 'hold', 'at-maximum'],
    [1, 2, 2, 'hold', 'at-minimum'],
    [undefined, 12, 12, 'hold', 'metric-unknown'], //     no data is not idleness
    [Number.NaN, 12, 12, 'hold', 'metric-unknown'],
    [Infinity, 12, 12, 'hold', 'metric-unknown'],
    [120, 12, 7, 'down', 'surplus'],
    [20, 7, 7, 'hold', 'recently-needed'], //             a moment ago the load was 120
  ] as const)('%s qps on %i replicas → %i (%s, %s)', ([qps, from, to, action, reason]) => {
    expect(decideOn(qps, from)).toMatchObject({ action, reason, to });
  });

  it('says what it reckoned with', () => {
    const { plan } = decideOn(120, 6);
    expect(plan).toMatchObject({ needed: 7, forRamps: 7, replicas: 7, byExpert: {} });
    expect(plan?.price).toBeGreaterThan(0);
  });

  it('keeps more for a service that is restless, by the same settings', () => {
    const restless = taught(noisy(120, 1500).map((rate, tick) => (tick % 40 < 3 ? rate * 1.7 : rate)));
    const calmly = decideOn(120, 8, { service: calm });
    const restlessly = decideOn(120, 8, { service: restless });
    expect(restlessly).toMatchObject({ action: 'up', reason: 'ramps-need-more' });
    expect(restlessly.to).toBeGreaterThan(calmly.to + 2);
  });

  it('never goes down while another metric is unknown', () => {
    expect(decideOn(120, 12, { gpu: Number.NaN })).toMatchObject({
      action: 'hold',
      reason: 'metric-unknown',
      to: 12,
    });
    expect(decideOn(390, 12, { gpu: Number.NaN })).toMatchObject({ action: 'up' });
  });

  it('goes by the thresholds until it knows the service', () => {
    const { slo: _, ...rest } = { ...config, slo: undefined };
    const service = newKnowledge({ lateRatio: 0.0025, startPrice: 2 });
    expect(decideOn(250, 2, { service, given: rest })).toMatchObject({ reason: 'above-threshold' });
  });

  it('takes nothing for surplus after a restart, until it has looked for two minutes', () => {
    const young = taught(noisy(120, 1500));
    young.wanted = young.wanted.filter(({ atMs }) => atMs > nowMs - 60_000);
    expect(decideOn(120, 12, { service: young })).toMatchObject({ reason: 'recently-needed', to: 12 });
  });

  it('holds what it has when even an idle replica is too slow', () => {
    const given = {
      ...config,
      objective: {
        ...config.objective,
        maxLatencyMs: 100,
        rate: 'qps',
        startupMs: 60_000,
        forecast: 'none',
        replicaRps: 20,
      },
    } as const;
    const service = taught(noisy(120, 50), given);
    expect(decideOn(120, 12, { service, given })).toMatchObject({
      action: 'hold',
      reason: 'latency-unreachable',
    });
  });

  it('names the forecast that raised it', () => {
    const service = taught(noisy(120, 1500));
    service.experts['event'] = {
      ramps: structuredClone(service.ramps),
      pending: [],
      cost: 8,
      costWithout: 11,
      scoredSeconds: 80_000,
    };
    const metrics: MetricReading[] = [
      { name: 'qps', state: 'value', value: 120, timeMs: nowMs },
      { name: 'gpu', state: 'value', value: 0.5, timeMs: nowMs },
    ];
    const replicas = { desired: 8, ready: 8, starting: 0, draining: 0 };
    const decision = decide({ nowMs, metrics, replicas, service, forecasts: { event: 300 } }, config);
    expect(decision).toMatchObject({ reason: 'forecast-needs-more', plan: { raisedBy: 'event' } });
    expect(decision.to).toBeGreaterThan(15);
  });
});

describe('decide with a latency objective, whatever it is fed', () => {
  let level = 0;
  const walks = [0.01, 0.1, 0.5].map((width) =>
    taught(
      Array.from({ length: 3000 }, () => {
        level = 0.998 * level + width * (random() - 0.5);
        return 120 * Math.exp(level);
      }),
    ),
  );
  const anyService = fc.constantFrom(calm, ...walks);
  const anyLoad = fc.oneof(
    fc.constantFrom(undefined, Number.NaN, Infinity, -Infinity, -5, 0),
    fc.double({ min: 0, max: 1000, noNaN: true }),
  );
  const anyCount = fc.integer({ min: 0, max: 30 });

  it('stays in the bounds, and does as it says', () => {
    fc.assert(
      fc.property(anyService, anyLoad, anyCount, (service, qps, from) => {
        const { to, action } = decideOn(qps, from, { service });
        expect(to).toBeGreaterThanOrEqual(2);
        expect(to).toBeLessThanOrEqual(20);
        expect(Math.sign(to - from)).toBe({ up: 1, hold: 0, down: -1 }[action]);
      }),
    );
  });

  it('never goes down on what it does not know', () => {
    fc.assert(
      fc.property(
        anyService,
        fc.constantFrom(undefined, Number.NaN, Infinity, -Infinity),
        fc.integer({ min: 2, max: 20 }),
        (service, qps, from) => {
          expect(decideOn(qps, from, { service }).to).toBeGreaterThanOrEqual(from);
        },
      ),
    );
  });

  it('wants no fewer replicas for a higher load', () => {
    const load = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(anyService, load, load, anyCount, (service, a, b, from) => {
        const low = decideOn(Math.min(a, b), from, { service }).to;
        expect(low).toBeLessThanOrEqual(decideOn(Math.max(a, b), from, { service }).to);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing, and answers the same again', () => {
    fc.assert(
      fc.property(anyService, anyLoad, anyCount, (service, qps, from) => {
        const before = JSON.stringify(service);
        expect(decideOn(qps, from, { service })).toEqual(decideOn(qps, from, { service }));
        expect(JSON.stringify(service)).toBe(before);
      }),
      { numRuns: 30 },
    );
  });

  it('does not flap when the load only shivers', () => {
    const frame = frameOf(config);
    if (frame === undefined) throw new Error('no objective');
    for (const mean of [60, 120, 200, 310]) {
      const service = taught(noisy(mean, 400));
      let [from, changes] = [20, 0];
      for (let tick = 400; tick < 1000; tick++) {
        const at = tick * TICK_MS;
        const qps = mean * (1 + 0.04 * (random() - 0.5));
        learnTick(service, { nowMs: at, requestsPerSecond: qps, ready: from }, frame);
        const metrics: MetricReading[] = [
          { name: 'qps', state: 'value', value: qps, timeMs: at },
          { name: 'gpu', state: 'value', value: 0.5, timeMs: at },
        ];
        const replicas = { desired: from, ready: from, starting: 0, draining: 0 };
        const { to } = decide({ nowMs: at, metrics, replicas, service }, config);
        if (to !== from) changes++;
        from = to;
      }
      // Two and a half hours: it settles, and stays.
      expect(changes).toBeLessThanOrEqual(6);
    }
  });
});
