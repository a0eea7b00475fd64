import { describe, expect, it } from 'vitest';
import { seeded } from '../../test/seeded.ts';
import { loadAutoscalerConfig } from '../config/load-autoscaler-config.ts';
import { policyNames, reactingPolicies } from './policy-names.ts';
import type { Trace } from './read-trace.ts';
import { runPolicy, type SimulatedPolicy } from './run-policy.ts';
import { savingLines, simulationTable } from './simulation-table.ts';
import { simulate } from './simulate.ts';
import { simulatedWorld } from './simulated-world.ts';

/** Days of a tide with noise, a minute a bin. */
function tide(days: number, seed = 1): Trace {
  const random = seeded(seed);
  const requests = Float64Array.from(
    { length: days * 1440 },
    (_, minute) => 3000 * (1.2 + Math.sin((minute / 1440) * 2 * Math.PI)) * (1 + 0.05 * (random() - 0.5)),
  );
  return { name: 'tide', binSeconds: 60, requests };
}

const report = simulate({ trace: tide(1) });

describe('simulate', () => {
  it('reports every policy, and nothing but what is agreed', () => {
    expect(report).toMatchObject({ trace: 'tide', startupSeconds: 60 });
    expect(report.policies.map(({ policy }) => policy)).toEqual(policyNames);
    for (const outcome of report.policies) {
      expect(Object.keys(outcome)).toEqual([
        'policy',
        'gpuHours',
        'vsStatic',
        'vsOracle',
        'lateRatio',
        'minutesLateRatio',
        'changesPerDay',
      ]);
      for (const value of Object.values(outcome).slice(1)) expect(value).toBeGreaterThanOrEqual(0);
    }
  });

  it('has the static peak at what the trace was scaled to', () => {
    const [peak] = report.policies;
    expect(peak).toMatchObject({ policy: 'static-peak', vsStatic: 1, changesPerDay: 0 });
    expect(peak?.gpuHours).toBeCloseTo(20 * 24, 6);
    // The peak minute itself is at P99 to the digit, and may fall on either side.
    expect(peak?.minutesLateRatio).toBeLessThanOrEqual(1 / 1440);
  });

  it('finds nobody cheaper than the oracle who is late no more often', () => {
    const oracle = report.policies.find(({ policy }) => policy === 'oracle-p99.9');
    expect(oracle?.vsOracle).toBe(1);
    for (const { policy, gpuHours, lateRatio, minutesLateRatio } of report.policies) {
      const isLess = gpuHours < (oracle?.gpuHours ?? 0);
      const isLater =
        lateRatio > (oracle?.lateRatio ?? 0) || minutesLateRatio > (oracle?.minutesLateRatio ?? 0);
      expect(isLess && !isLater, policy).toBe(false);
    }
  });

  it('keeps the objective with slo, for little more than the oracle', () => {
    const slo = report.policies.find(({ policy }) => policy === 'slo');
    expect(slo?.lateRatio).toBeLessThan(0.005);
    expect(slo?.minutesLateRatio).toBeLessThan(0.01);
    expect(slo?.vsOracle).toBeLessThan(1.15);
  });

  it('is the same every time', () => {
    const policies = ['oracle', 'hpa', 'slo'] as const;
    const again = simulate({ trace: tide(1), policies });
    expect(again.policies).toEqual(
      report.policies.filter(({ policy }) => policies.some((name) => name === policy)),
    );
  });

  it('shows every policy the past alone', () => {
    // The same day, and then either a calm or a storm: what is decided before must not differ.
    const [calm, storm] = [tide(0.5), tide(0.5)];
    storm.requests.fill(30_000, 505);
    for (const [name, factory] of Object.entries(reactingPolicies)) {
      const decisions = [calm, storm].map((trace) => {
        const world = simulatedWorld({ trace, replicaRps: 20 });
        const given = { ...world, maxReplicas: 40, initialReplicas: 8 };
        const seen: number[] = [];
        const policy = factory(given);
        const watched: SimulatedPolicy = {
          intervalSeconds: policy.intervalSeconds,
          decide(tick) {
            const wanted = policy.decide(tick);
            if (tick.timeSeconds <= 30_000) seen.push(wanted);
            return wanted;
          },
        };
        runPolicy(given, watched);
        return seen;
      });
      expect(decisions[0], name).toEqual(decisions[1]);
    }
  });

  it('takes a trace as it is when it is told what a replica serves', () => {
    // 100 requests a second and replicas of 100: at P99 of 500 ms that takes two.
    const trace = { name: 'flat', binSeconds: 60, requests: new Float64Array(120).fill(6000) };
    const { policies } = simulate({ trace, replicaRps: 100, policies: ['static-peak', 'oracle'] });
    expect(policies[0]?.gpuHours).toBeCloseTo(4, 6);
    expect(policies[1]).toMatchObject({ gpuHours: policies[0]?.gpuHours, lateRatio: expect.closeTo(0, 6) });
  });

  it('runs the thresholds of a configuration, within its bounds', () => {
    const config = loadAutoscalerConfig(
      'metrics: [{ name: qps, query: "sum(rate(x_total[1m]))", scale_up_threshold: 14, scale_down_threshold: 6 }]\nscaling: { min_replicas: 2, max_replicas: 12 }',
    );
    const { policies } = simulate({ trace: tide(1), config, policies: ['static-peak', 'threshold', 'slo'] });
    const [peak, threshold] = policies;
    expect(peak?.gpuHours).toBeCloseTo(12 * 24, 6); // scaled to the maximum of the configuration
    expect(threshold?.gpuHours).toBeLessThan(12 * 24);
    expect(threshold?.gpuHours).toBeGreaterThan(2 * 24);
  });

  it('survives a trace of silence', () => {
    const trace = { name: 'silence', binSeconds: 60, requests: new Float64Array(60) };
    const { policies } = simulate({ trace });
    for (const { lateRatio, vsOracle } of policies) {
      expect(lateRatio).toBe(0);
      expect(Number.isFinite(vsOracle)).toBe(true);
    }
  });

  it.for([
    [{ policies: ['slow'] }, 'no policy is called "slow"; did you mean "slo"?'],
    [{ policies: ['threshold'] }, 'threshold needs a configuration'],
    [{ sloMs: 0 }, 'sloMs: expected a number above 0, got 0'],
    [{ startupSeconds: -1 }, 'startupSeconds: expected seconds from 0, got -1'],
    [{ sloMs: 100 }, 'takes longer than 100 ms for one request in a hundred even when it is idle'],
    [{ replicaRps: 1e-3, sloMs: 1e7 }, 'needs more than 5000 replicas'],
  ] as const)('refuses %o: %s', ([options, says]) => {
    expect(() => simulate({ trace: tide(1), ...(options as object) })).toThrow(says);
  });
});

describe('the table', () => {
  it('has hours, lateness and the distance to the oracle side by side', () => {
    const [heading, first] = simulationTable(report, 'en');
    expect(heading).toMatch(/GPU hours .* × oracle .* late % .* bad minutes %/);
    expect(first).toMatch(/^static-peak +480\.0 +100\.0 % /);
    const widths = simulationTable(report, 'en').map(({ length }) => length);
    expect(new Set(widths).size).toBe(1);
    expect(simulationTable(report, 'zh-CN')[0]).toContain('超时请求 %');
  });

  it('never says what is saved without how late it is, gain or loss', () => {
    const lines = savingLines(report, 'en');
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toMatch(/-?\d+\.\d % fewer GPU hours; late \d+\.\d\d % here, \d+\.\d\d % there/);
    expect(lines.find((line) => line.includes('oracle'))).toMatch(/: -\d/);
  });
});
