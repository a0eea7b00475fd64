import { describe, expect, it } from 'vitest';
import { seeded } from '../../test/seeded.ts';
import { createQueueModel, STEP_SECONDS } from './queue-model.ts';

const SERVICE_RPS = 20;
const LATE_SECONDS = 0.5;

/** The share of late requests of a fleet whose load changes every step, arrival by arrival. */
function eventByEvent(rates: readonly number[], replicas: number, random: () => number): number {
  const freeAt: number[] = Array.from({ length: replicas }, () => 0);
  const exponential = (rate: number): number => -Math.log(1 - random()) / rate;
  let [now, late, requests] = [0, 0, 0];
  for (const [step, rate] of rates.entries()) {
    const end = (step + 1) * STEP_SECONDS;
    now = Math.max(now, step * STEP_SECONDS);
    for (now += exponential(rate); now < end; now += exponential(rate)) {
      let first = 0;
      for (let server = 1; server < replicas; server++) {
        if ((freeAt[server] ?? 0) < (freeAt[first] ?? 0)) first = server;
      }
      const start = Math.max(now, freeAt[first] ?? 0);
      const done = start + exponential(SERVICE_RPS);
      requests++;
      if (start - now > 10) late++;
      else {
        freeAt[first] = done;
        if (done - now > LATE_SECONDS) late++;
      }
    }
  }
  return late / requests;
}

function byModel(rates: readonly number[], replicas: number): number {
  const model = createQueueModel(SERVICE_RPS, LATE_SECONDS);
  let [late, requests] = [0, 0];
  for (const rate of rates) {
    late += model.step(rate * STEP_SECONDS, replicas).late;
    requests += rate * STEP_SECONDS;
  }
  return late / requests;
}

function steady(rate: number, steps: number): number[] {
  return Array.from({ length: steps }, () => rate);
}

describe('the queue model', () => {
  it.for([
    // replicas  load   steps  within  why
    [1, 0.3, 4000, 0.001], //  an idle replica: the service time alone
    [1, 0.54, 4000, 0.003], // where one replica is at P99
    [4, 0.8, 2500, 0.002],
    [20, 0.9, 800, 0.001],
    [20, 0.95, 800, 0.003],
  ] as const)('agrees event by event: %i replicas at %f', ([replicas, load, steps, within]) => {
    const rates = steady(load * replicas * SERVICE_RPS, steps);
    const simulated = eventByEvent(rates, replicas, seeded(replicas));
    expect(Math.abs(byModel(rates, replicas) - simulated)).toBeLessThan(within);
  });

  it('agrees on an overload, its backlog, and how that is worked off', () => {
    // Two minutes of quiet, 75 s of twice the load, a quarter of an hour to recover; 40 times over.
    const episode = [...steady(120, 24), ...steady(320, 15), ...steady(120, 180)];
    const rates = Array.from({ length: 40 }, () => episode).flat();
    const simulated = eventByEvent(rates, 10, seeded(3));
    const modelled = byModel(rates, 10);
    expect(simulated).toBeGreaterThan(0.1);
    expect(modelled / simulated).toBeGreaterThan(0.93);
    expect(modelled / simulated).toBeLessThan(1.07);
  });

  it('turns away what would wait for more than 10 s, and nothing else', () => {
    const model = createQueueModel(SERVICE_RPS, LATE_SECONDS);
    for (let step = 0; step < 100; step++) {
      const { late } = model.step(1000, 2);
      expect(late).toBeLessThanOrEqual(1000);
    }
    // The cut backlog of 10 s is gone after 10 s.
    for (let step = 0; step < 3; step++) model.step(0.001, 2);
    expect(model.step(10, 2).late).toBeLessThan(0.1);
  });

  it('has everybody late when nobody serves', () => {
    expect(createQueueModel(SERVICE_RPS, LATE_SECONDS).step(50, 0).late).toBe(50);
  });
});
