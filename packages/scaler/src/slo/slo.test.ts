import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../test/seeded.ts';
import { sojournTail } from '../capacity/sojourn-tail.ts';
import { emptySeason, rememberLoad, seasonalLoad } from '../forecast/season-memory.ts';
import { initialPrice, movePrice, priceInReplicas } from './late-price.ts';
import { learnStartup, learnTick, type LearningFrame } from './learn-tick.ts';
import { isTrusted, planReplicas } from './plan-replicas.ts';
import {
  addRamp,
  cheapestReplicas,
  rampScale,
  unseenRamps,
  type RampDistribution,
} from './ramp-distribution.ts';
import { newExpert, newKnowledge, readKnowledge, type ServiceKnowledge } from './service-knowledge.ts';
import { costOfShortage, shortagesOf } from './shortages.ts';
import { costBudget, sloBudget } from './slo-objective.ts';

const TICK_MS = 15_000;
const frame: LearningFrame = {
  objective: { maxLatencyMs: 500, budget: sloBudget() },
  maxReplicas: 30,
  intervalMs: TICK_MS,
  startupMs: 60_000,
  replicaRps: 20,
  seasons: false,
};

/** Knowledge after ticks of a load, from time 0. */
function taught(
  loads: readonly number[],
  changes: Partial<LearningFrame> = {},
  ready = 30,
): ServiceKnowledge {
  const knowledge = newKnowledge(frame.objective.budget);
  for (const [tick, requestsPerSecond] of loads.entries()) {
    learnTick(knowledge, { nowMs: tick * TICK_MS, requestsPerSecond, ready }, { ...frame, ...changes });
  }
  return knowledge;
}

function planned(knowledge: ServiceKnowledge, requestsPerSecond: number, nowMs = 0): number {
  return planReplicas(knowledge, { nowMs, requestsPerSecond, budget: sloBudget() })?.replicas ?? Number.NaN;
}

const constant = (rate: number, ticks: number): number[] => Array.from({ length: ticks }, () => rate);

describe('the distribution of ramps', () => {
  /** Replicas of 10 requests a second each; a shortage of them has one price. */
  const ask = (ramps: RampDistribution, price: number, load: number, least = 0, scale?: number): number =>
    cheapestReplicas(ramps, {
      logForecast: Math.log(load),
      scale: scale ?? rampScale(ramps),
      shortages: [
        { price, logLoads: Array.from({ length: 21 }, (_, n) => Math.log(Math.max(n * 10, 1e-9))) },
      ],
      least,
      most: 20,
    });

  it('asks for what is needed and a little when nothing ever moves', () => {
    const ramps = unseenRamps();
    for (let i = 0; i < 5000; i++) addRamp(ramps, 0, rampScale(ramps), 15);
    expect(ask(ramps, 300, 100, 10)).toBeLessThanOrEqual(11);
  });

  it('asks for more before it has seen anything', () => {
    const ramps = unseenRamps();
    expect(ask(ramps, 300, 100, 10)).toBeGreaterThan(11);
  });

  it('keeps room for a doubling that comes once in fifty times, when it is worth it', () => {
    const ramps = unseenRamps();
    for (let i = 0; i < 5000; i++) addRamp(ramps, i % 50 === 0 ? Math.log(2) : 0, rampScale(ramps), 15);
    // 9 more replicas against a shortage one time in fifty: worth it from 9 × 50 on.
    expect(ask(ramps, 1000, 90, 9)).toBeGreaterThanOrEqual(18);
    expect(ask(ramps, 200, 90, 9)).toBeLessThan(15);
  });

  it('asks for no fewer when the price is higher', () => {
    const ramps = unseenRamps();
    const random = seeded(1);
    for (let i = 0; i < 500; i++) addRamp(ramps, (random() - 0.5) * 0.2, rampScale(ramps), 15);
    const price = fc.double({ min: 1, max: 2000, noNaN: true });
    const load = fc.double({ min: 1, max: 190, noNaN: true });
    fc.assert(
      fc.property(price, price, load, (p, q, a) => {
        const [more, fewer] = [Math.max(p, q), Math.min(p, q)].map((one) => ask(ramps, one, a, 0, 0.1));
        expect(more).toBeGreaterThanOrEqual(fewer ?? Number.NaN);
      }),
    );
  });
});

describe('a shortage', () => {
  it('is as late as the queue says, by degrees, with one replica as with many', () => {
    const knowledge = taught(constant(100, 5));
    const shortages = shortagesOf(knowledge, { requests: 1, minutes: 0 });
    for (const replicas of [1, 2, 5, 10, 20]) {
      for (const share of [0.9, 0.97, 0.99, 0.999]) {
        const late = sojournTail(replicas, replicas * share, 10);
        const priced = costOfShortage(shortages, replicas, Math.log(replicas * share * 20));
        // In five stages: within a factor of three, and a percent.
        expect(priced).toBeGreaterThan(late / 3 - 0.01);
        expect(priced).toBeLessThan(late * 3 + 0.01);
      }
    }
    expect(costOfShortage(shortages, 5, Math.log(200))).toBeCloseTo(1, 9);
    expect(costOfShortage(shortages, 5, Math.log(50))).toBe(0);
  });

  it('of the level alone is a late minute', () => {
    const knowledge = taught(constant(100, 5));
    const shortages = shortagesOf(knowledge, { requests: 0, minutes: 7 });
    const level = knowledge.logLevels[5] ?? Number.NaN;
    expect(costOfShortage(shortages, 5, level - 1e-6)).toBe(0);
    expect(costOfShortage(shortages, 5, level + 1e-6)).toBe(7);
  });
});

describe('the price of lateness', () => {
  const quiet = { late: 0, weight: 1, elapsedSeconds: 15 };

  it('falls while nothing is late, and not for ever', () => {
    const price = initialPrice(sloBudget());
    const before = priceInReplicas(price, sloBudget(), { now: 5, usual: 5 });
    for (let tick = 0; tick < 5760; tick++)
      movePrice(price, sloBudget(), { ...quiet, nowMs: tick * TICK_MS });
    const after = priceInReplicas(price, sloBudget(), { now: 5, usual: 5 });
    // Half a logarithm a day.
    expect(after.minutes / before.minutes).toBeCloseTo(Math.exp(-0.5), 2);
    expect(after.requests / before.requests).toBeCloseTo(Math.exp(-0.5), 2);
    for (let tick = 0; tick < 400_000; tick++)
      movePrice(price, sloBudget(), { ...quiet, nowMs: tick * TICK_MS });
    const least = priceInReplicas(price, sloBudget(), { now: 5, usual: 5 });
    expect(least.requests).toBeCloseTo(120 * 5 * 0.001, 6);
    expect(least.minutes).toBeCloseTo(30 * 5 * 0.001, 6);
  });

  it('stands still when just the budget is spent', () => {
    const price = initialPrice(sloBudget());
    const { requests } = price;
    for (let tick = 0; tick < 40_000; tick++) {
      const late = tick % 2000 < 5 ? 1 : 0; // 0.25 % of the requests
      movePrice(price, sloBudget(), { late, weight: 1, nowMs: tick * TICK_MS, elapsedSeconds: 15 });
    }
    expect(price.requests).toBeCloseTo(requests, 1);
  });

  it('counts a minute once, whichever of its ticks was late', () => {
    const [once, all] = [initialPrice(sloBudget()), initialPrice(sloBudget())];
    for (let tick = 0; tick < 4; tick++) {
      const sample = { ...quiet, nowMs: tick * TICK_MS };
      movePrice(once, sloBudget(), { ...sample, late: tick === 0 ? 0.5 : 0 });
      movePrice(all, sloBudget(), { ...sample, late: 0.5 });
    }
    expect(all.minutes).toBeCloseTo(once.minutes, 12);
    expect(all.requests).toBeGreaterThan(once.requests);
  });

  it('stays a number when a moment has no latency, because it has no requests', () => {
    const knowledge = taught(constant(100, 50));
    for (let tick = 50; tick < 60; tick++) {
      const sample = {
        nowMs: tick * TICK_MS,
        requestsPerSecond: 0,
        ready: 3,
        meanLatencySeconds: Number.NaN,
      };
      learnTick(knowledge, sample, frame);
    }
    expect(Number.isFinite(knowledge.price.requests)).toBe(true);
    expect(Number.isFinite(knowledge.price.minutes)).toBe(true);
  });

  it('knows no minutes when only requests count', () => {
    const price = initialPrice(costBudget());
    movePrice(price, costBudget(), { ...quiet, late: 1, nowMs: 0 });
    expect(price.minutes).toBe(initialPrice(costBudget()).minutes);
  });
});

describe('the memory of days', () => {
  const MINUTE_MS = 60_000;

  it('expects what yesterday had, at the level of today', () => {
    const season = emptySeason();
    const load = (minute: number): number => (minute % 1440 >= 720 && minute % 1440 < 780 ? 300 : 100);
    for (let minute = 0; minute < 1440 + 715; minute++) {
      rememberLoad(season, minute * MINUTE_MS, load(minute) * (minute < 1440 ? 1 : 1.2));
    }
    const nowMs = (1440 + 714) * MINUTE_MS;
    expect(seasonalLoad(season, nowMs, nowMs + 6 * MINUTE_MS, 1)).toBeCloseTo(360, 6);
    expect(seasonalLoad(season, nowMs, nowMs + 6 * MINUTE_MS, 7)).toBeUndefined(); // no week yet
  });

  it('says nothing of a day that was not seen, or not alike', () => {
    const season = emptySeason();
    expect(seasonalLoad(season, 0, 60_000, 1)).toBeUndefined();
    for (let minute = 0; minute < 3000; minute++) {
      rememberLoad(season, minute * MINUTE_MS, minute < 1600 ? 10 : 500);
    }
    expect(seasonalLoad(season, 2999 * MINUTE_MS, 3004 * MINUTE_MS, 1)).toBeUndefined();
  });

  it('keeps eight days, whatever comes', () => {
    const season = emptySeason();
    for (let day = 0; day < 30; day++) rememberLoad(season, day * 86_400_000, 5);
    rememberLoad(season, 400 * 86_400_000, 5);
    rememberLoad(season, 0, 5); // a clock that was set back
    expect(season.rates.length).toBeLessThanOrEqual(8 * 288);
  });
});

describe('learning', () => {
  it('gives a calm service less room than a restless one', () => {
    const random = seeded(5);
    const calm = taught(constant(200, 2000).map((rate) => rate * (1 + 0.01 * (random() - 0.5))));
    const restless = taught(constant(200, 2000).map((rate) => rate * (1 + 0.6 * (random() - 0.5))));
    expect(planned(calm, 200)).toBeLessThan(planned(restless, 200));
  });

  it('gives a slow starter more room, because a wandering load gets further', () => {
    let level = 0;
    const random = seeded(6);
    const wandering = constant(0, 4000).map(() => {
      level = 0.999 * level + 0.05 * (random() - 0.5);
      return 200 * Math.exp(level);
    });
    const quick = taught(wandering, { startupMs: 15_000 });
    const slow = taught(wandering, { startupMs: 600_000 });
    expect(planned(slow, 200)).toBeGreaterThan(planned(quick, 200));
  });

  it('keeps more once its shortages have cost too much', () => {
    const loads = constant(200, 3000).map((rate, tick) => (tick % 500 < 4 ? rate * 1.5 : rate));
    const served = taught(loads, {}, 30);
    const starved = taught(loads, {}, 11);
    expect(planned(starved, 200)).toBeGreaterThan(planned(served, 200));
  });

  it.for([Number.NaN, -1, Infinity])('learns nothing from a rate of %f', (rate) => {
    const knowledge = taught(constant(200, 50));
    const before = structuredClone(knowledge);
    learnTick(knowledge, { nowMs: 50 * TICK_MS, requestsPerSecond: rate, ready: 5 }, frame);
    expect(knowledge).toEqual(before);
  });

  it('counts noise from its mean, and a new level from where it is', () => {
    const random = seeded(8);
    const noisy = constant(200, 4000).map((rate) => rate * (1 + 0.3 * (random() - 0.5)));
    const knowledge = taught(noisy);
    const question = { nowMs: 0, requestsPerSecond: 225, budget: sloBudget() };
    const above = planReplicas(knowledge, question);
    expect(above?.forRamps).toBeLessThan(above?.fromLast ?? 0);
    const risen = planReplicas(knowledge, { ...question, requestsPerSecond: 500 });
    expect(risen?.forRamps).toBe(risen?.fromLast);
    expect(risen?.fromLast).toBeGreaterThan(risen?.fromMeans[0] ?? Infinity);
  });

  it('takes an outage of the metrics for no ramp', () => {
    const knowledge = taught(constant(100, 400));
    const scale = rampScale(knowledge.ramps);
    // Half an hour without an answer, and three times the load after it.
    learnTick(knowledge, { nowMs: 520 * TICK_MS, requestsPerSecond: 300, ready: 30 }, frame);
    expect(rampScale(knowledge.ramps)).toBe(scale);
  });

  it('takes a clock that was set back for no ramp', () => {
    const knowledge = taught(constant(100, 400));
    const scale = rampScale(knowledge.ramps);
    learnTick(knowledge, { nowMs: 0, requestsPerSecond: 300, ready: 30 }, frame);
    expect(rampScale(knowledge.ramps)).toBe(scale);
    expect(knowledge.pending).toHaveLength(1);
  });

  it('counts on the threshold of the rate while it knows no capacity', () => {
    const { replicaRps: _, ...unknown } = frame;
    const knowledge = newKnowledge(sloBudget());
    for (let tick = 0; tick < 10; tick++) {
      learnTick(
        knowledge,
        { nowMs: tick * TICK_MS, requestsPerSecond: 450, ready: 5 },
        { ...unknown, ratedRps: 100 },
      );
    }
    expect(planned(knowledge, 450)).toBeGreaterThanOrEqual(5);
    expect(planned(knowledge, 450)).toBeLessThan(12);
  });

  it('remembers a slow start at once, and forgets it slowly', () => {
    const knowledge = newKnowledge(sloBudget());
    learnStartup(knowledge, 60_000);
    learnStartup(knowledge, 200_000);
    expect(knowledge.startupMs).toBe(200_000);
    learnStartup(knowledge, 60_000);
    expect(knowledge.startupMs).toBe(172_000);
    learnStartup(knowledge, Number.NaN);
    expect(knowledge.startupMs).toBe(172_000);
  });

  it('survives being written and read, and takes up nothing else', () => {
    const knowledge = taught(constant(200, 500), { seasons: true });
    const read = readKnowledge(JSON.parse(JSON.stringify(knowledge)));
    expect(read).toEqual(knowledge);
    for (const damaged of [
      undefined,
      null,
      5,
      'x',
      {},
      { ...knowledge, version: 1 },
      { ...knowledge, means: [] },
      { ...knowledge, ramps: { ...knowledge.ramps, counts: [1] } },
      { ...knowledge, ramps: { ...knowledge.ramps, total: Number.NaN } },
      { ...knowledge, price: {} },
    ]) {
      expect(readKnowledge(damaged)).toBeUndefined();
    }
  });

  it('stays small, however long it learns', () => {
    const size = (ticks: number): number => {
      const knowledge = taught(constant(200, ticks), { seasons: true, startupMs: 600_000 });
      const { season, ...rest } = knowledge;
      expect(season.rates.length).toBeLessThanOrEqual(8 * 288);
      return JSON.stringify(rest).length;
    };
    expect(size(60_000)).toBeLessThan(50_000);
  });
});

describe('an expert', () => {
  it('is trusted once following it was cheaper, and not before it was watched', () => {
    expect(isTrusted({ ...newExpert(), cost: 5, costWithout: 9, scoredSeconds: 7 * 3600 })).toBe(true);
    expect(isTrusted({ ...newExpert(), cost: 9, costWithout: 9, scoredSeconds: 7 * 3600 })).toBe(false);
    expect(isTrusted({ ...newExpert(), cost: 5, costWithout: 9, scoredSeconds: 3600 })).toBe(false);
  });

  /** A day of a load that doubles for a quarter of each hour, with forecasts by `guess` of the time they are for. */
  function watched(guess: (tick: number) => number): ServiceKnowledge {
    const load = (tick: number): number => (tick % 240 >= 200 ? 400 : 200);
    const knowledge = newKnowledge(sloBudget());
    for (let tick = 0; tick < 5760; tick++) {
      learnTick(
        knowledge,
        {
          nowMs: tick * TICK_MS,
          requestsPerSecond: load(tick),
          ready: 12,
          forecasts: { guess: guess(tick + 5) },
        },
        frame,
      );
    }
    return knowledge;
  }
  const load = (tick: number): number => (tick % 240 >= 200 ? 400 : 200);

  it('that knows raises the replicas before the load comes', () => {
    const knowledge = watched(load);
    const expert = knowledge.experts['guess'];
    expect(expert === undefined ? undefined : isTrusted(expert)).toBe(true);
    const question = { nowMs: 0, requestsPerSecond: 200, budget: sloBudget() };
    const plan = planReplicas(knowledge, { ...question, forecasts: { guess: 400 } });
    expect(plan?.replicas).toBeGreaterThanOrEqual(20);
  });

  it.for([
    [5, 9, 'guess'],
    [9, 5, undefined], // following it was dearer: it has no say, whatever it asks for
  ] as const)('that cost %i, against %i without it, raises by %s', ([cost, costWithout, raisedBy]) => {
    const knowledge = taught(constant(200, 500));
    const ramps = structuredClone(knowledge.ramps);
    knowledge.experts['guess'] = { ramps, pending: [], cost, costWithout, scoredSeconds: 86_400 };
    const question = { nowMs: 0, requestsPerSecond: 200, budget: sloBudget() };
    const plan = planReplicas(knowledge, { ...question, forecasts: { guess: 400 } });
    expect(plan?.byExpert['guess']).toBeGreaterThan(15);
    expect(plan?.raisedBy).toBe(raisedBy);
  });

  it('can only raise: a forecast of nothing takes nothing away', () => {
    const knowledge = watched(load);
    const question = { nowMs: 0, requestsPerSecond: 200, budget: sloBudget() };
    const without = planReplicas(knowledge, question);
    const withNothing = planReplicas(knowledge, { ...question, forecasts: { guess: 1 } });
    expect(withNothing?.replicas).toBe(without?.replicas);
    expect(withNothing?.raisedBy).toBeUndefined();
  });

  it('that always cries wolf is not followed', () => {
    const knowledge = watched(() => 580);
    const plan = planReplicas(knowledge, {
      nowMs: 0,
      requestsPerSecond: 200,
      budget: sloBudget(),
      forecasts: { guess: 580 },
    });
    expect(plan?.raisedBy).toBeUndefined();
  });
});
