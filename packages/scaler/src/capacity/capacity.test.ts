import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learnCapacity, serviceTime, type LearnedCapacity } from './learn-capacity.ts';
import { loadLevels, loadOfReplicas, replicasForLoad } from './replicas-for-load.ts';
import { sojournTail, waitProbability } from './sojourn-tail.ts';

describe('the M/M/c tail', () => {
  it.for([
    // servers  Erlang  probability of waiting
    [1, 0.5, 0.5], //       M/M/1: the utilisation
    [2, 1, 1 / 3], //       a²/(2·(1 + a) - a² + a²) by hand: B = 1/5, C = 2·(1/5) / (2 - 4/5) = 1/3
    [10, 8, 0.409_180], //  Erlang C table
    [3, 3, 1],
    [3, 9, 1], //           overloaded
    [3, 0, 0],
  ] as const)('%i servers at %f Erlang make %f wait', ([servers, load, wait]) => {
    expect(waitProbability(servers, load)).toBeCloseTo(wait, 4);
  });

  it('is e^(-(1-ρ)t) for one server', () => {
    for (const time of [0.1, 1, 5, 10]) {
      expect(sojournTail(1, 0.6, time)).toBeCloseTo(Math.exp(-0.4 * time), 12);
    }
  });

  it('is the service time alone when nobody waits', () => {
    expect(sojournTail(50, 0, 4.6)).toBeCloseTo(Math.exp(-4.6), 12);
  });

  it('has no seam where one server is spare', () => {
    // δ = c - 1 - a = 0 at c = 3, a = 2.
    expect(sojournTail(3, 2 - 1e-7, 5)).toBeCloseTo(sojournTail(3, 2, 5), 6);
    expect(sojournTail(3, 2 + 1e-7, 5)).toBeCloseTo(sojournTail(3, 2, 5), 6);
  });

  it('falls with servers and time, and rises with load', () => {
    const servers = fc.integer({ min: 1, max: 60 });
    const share = fc.double({ min: 0.01, max: 0.98, noNaN: true });
    const time = fc.double({ min: 0.1, max: 20, noNaN: true });
    fc.assert(
      fc.property(servers, share, time, (c, rho, t) => {
        const tail = sojournTail(c, rho * c, t);
        expect(sojournTail(c + 1, rho * c, t)).toBeLessThanOrEqual(tail + 1e-12);
        expect(sojournTail(c, rho * c, t * 1.1)).toBeLessThanOrEqual(tail + 1e-12);
        expect(sojournTail(c, Math.min(rho * 1.01, 0.99) * c, t)).toBeGreaterThanOrEqual(tail - 1e-12);
      }),
    );
  });
});

describe('replicas for a load', () => {
  const objective = { replicaRps: 20, latencySeconds: 0.5, lateRatio: 0.01 };

  it('serves less per replica in a small fleet', () => {
    // One replica: e^(-10(1-ρ)) ≤ 0.01, so ρ ≤ 1 - ln(100)/10 = 0.5395.
    expect(loadOfReplicas(1, objective) / 20).toBeCloseTo(1 - Math.log(100) / 10, 6);
    expect(loadOfReplicas(20, objective) / 400).toBeGreaterThan(0.95);
  });

  it('is the least whose level carries the load', () => {
    const levels = loadLevels(30, objective);
    fc.assert(
      fc.property(fc.double({ min: 0, max: levels[30] ?? 0, noNaN: true }), (load) => {
        const replicas = replicasForLoad(levels, load);
        expect(levels[replicas]).toBeGreaterThanOrEqual(load);
        if (replicas > 0) expect(levels[replicas - 1]).toBeLessThan(load);
      }),
    );
    expect(replicasForLoad(levels, 1e9)).toBe(31);
  });

  it('is nothing when an idle replica is too slow', () => {
    expect(loadOfReplicas(100, { ...objective, latencySeconds: 0.1 })).toBe(0);
  });
});

describe('the capacity that is learned', () => {
  const meanLatency = (servers: number, rate: number, service: number): number =>
    service * (1 + waitProbability(servers, rate * service) / (servers - rate * service));

  it('finds the service time behind a latency that includes waiting', () => {
    for (const [ready, rate] of [
      [1, 5],
      [1, 18],
      [8, 150],
      [20, 350],
    ] as const) {
      const sample = { requestsPerSecond: rate, ready, meanLatencySeconds: meanLatency(ready, rate, 0.05) };
      expect(serviceTime(sample, 1)).toBeCloseTo(0.05, 6);
    }
  });

  it.for([
    // requests/s  latency     ready  why
    [Number.NaN, 0.05, 1], //         no rate
    [10, Number.NaN, 1], //           no latency
    [0, 0.05, 1], //                  no traffic: a mean of nothing
    [10, 0, 1],
    [10, 0.05, 0], //                 nobody served
    [10, Infinity, 1],
    [160, 10, 4], //                  overloaded: the latency is the backlog, not the service
  ] as const)(
    '%f requests/s at %f s on %i replicas teach nothing',
    ([requestsPerSecond, meanLatencySeconds, ready]) => {
      const known = { serviceSeconds: 0.05, slots: 1, seen: 9, tooFast: 0 };
      expect(learnCapacity(known, { requestsPerSecond, meanLatencySeconds, ready })).toEqual(known);
    },
  );

  it('takes a latency of before the load rose for no proof', () => {
    const known = { serviceSeconds: 0.05, slots: 1, seen: 9, tooFast: 0 };
    const late = learnCapacity(known, { requestsPerSecond: 60, meanLatencySeconds: 0.05, ready: 1 });
    expect(late).toEqual({ ...known, tooFast: 1 });
  });

  it('takes an overload for no capacity', () => {
    expect(
      learnCapacity(undefined, { requestsPerSecond: 200, meanLatencySeconds: 10, ready: 1 }),
    ).toBeUndefined();
  });

  it('takes an overload, however long, for no sign of many slots', () => {
    let known: LearnedCapacity | undefined = { serviceSeconds: 0.05, slots: 1, seen: 9, tooFast: 0 };
    for (let tick = 0; tick < 500; tick++) {
      known = learnCapacity(known, { requestsPerSecond: 160, meanLatencySeconds: 10, ready: 4 });
    }
    expect(known).toEqual({ serviceSeconds: 0.05, slots: 1, seen: 9, tooFast: 0 });
  });

  it('sees that replicas do less than was thought', () => {
    let known: LearnedCapacity | undefined = { serviceSeconds: 0.02, slots: 1, seen: 100, tooFast: 0 };
    for (let tick = 0; tick < 200; tick++) {
      known = learnCapacity(known, { requestsPerSecond: 70, meanLatencySeconds: 3, ready: 2 });
    }
    // At 70 a second, two replicas that keep 3 s of latency can hardly do more than 35 each.
    expect(1 / (known?.serviceSeconds ?? 0)).toBeLessThan(40);
  });

  it('sees that a replica serves several at a time', () => {
    let known = learnCapacity(undefined, { requestsPerSecond: 10, meanLatencySeconds: 0.05, ready: 1 });
    // 90 requests a second of 50 ms each are 4.5 at a time; one at a time could not carry a quarter of it.
    for (let i = 0; i < 50; i++) {
      known = learnCapacity(known, { requestsPerSecond: 90, meanLatencySeconds: 0.052, ready: 1 });
    }
    expect(known?.slots).toBeGreaterThan(4.5);
    expect(known?.serviceSeconds).toBeLessThan(0.053);
  });
});
