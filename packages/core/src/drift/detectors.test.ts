import { describe, expect, it } from 'vitest';
import { ConfigError } from '../vocabulary/config-error.ts';
import { adwin } from './adwin.ts';
import { ddm } from './ddm.ts';
import type { DriftDetector } from './drift-detector.ts';
import { eDetector } from './e-detector.ts';
import { pageHinkley } from './page-hinkley.ts';
import { seeded } from '../../test/seeded.ts';

/** Events until the first alarm after the error rate rose from `before` to `after` at event 4,000. */
function delay(detector: DriftDetector, before: number, after: number, seed: number): number {
  const random = seeded(seed);
  for (let i = 0; i < 4_000; i += 1) detector.add(random() < before);
  for (let i = 1; i <= 20_000; i += 1) if (detector.add(random() < after)) return i;
  return Number.POSITIVE_INFINITY;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const seeds = Array.from({ length: 41 }, (_, seed) => seed);

describe('eDetector', () => {
  it.for([
    [0.05, 0.1],
    [0.2, 0.4],
  ] as const)(
    'finds a rise from %d to %d sooner than ADWIN, which does not know the baseline',
    ([before, after]) => {
      const ours = median(
        seeds.map((seed) => delay(eDetector({ baselineError: before }), before, after, seed)),
      );
      const theirs = median(seeds.map((seed) => delay(adwin(), before, after, seed)));
      expect(ours).toBeLessThan(theirs);
    },
  );

  it('keeps its budget at the baseline, with a budget small enough to be counted', () => {
    const events = 400_000;
    const detector = eDetector({ baselineError: 0.1, falseAlarmEvery: 1_000 });
    const random = seeded(7);
    let alarms = 0;
    for (let i = 0; i < events; i += 1) if (detector.add(random() < 0.1)) alarms += 1;
    expect(alarms).toBeGreaterThan(0);
    expect(alarms).toBeLessThanOrEqual(events / 1_000);
  });

  it.for([
    [{ baselineError: 0 }, /baselineError: expected a share above 0 and below 1, got 0/],
    [{ baselineError: 95 }, /baselineError: expected a share above 0 and below 1, got 95/],
    [
      { baselineError: 0.1, falseAlarmEvery: 0 },
      /falseAlarmEvery: expected labelled predictions from 1, got 0/,
    ],
  ] as const)('refuses %j', ([options, message]) => {
    expect(() => eDetector(options)).toThrow(ConfigError);
    expect(() => eDetector(options)).toThrow(message);
  });
});

describe('adwin', () => {
  it('keeps no more than one level of the stream: a rise, a fall and a rise are two alarms', () => {
    const detector = adwin();
    const random = seeded(3);
    const alarms = [0.1, 0.4, 0.1, 0.4].map((rate) => {
      let count = 0;
      for (let i = 0; i < 3_000; i += 1) if (detector.add(random() < rate)) count += 1;
      return count > 0;
    });
    expect(alarms).toEqual([false, true, false, true]);
  });

  it('looks at every bucket: 40 errors in a row after 960 right ones are found at the next look', () => {
    const detector = adwin();
    for (let i = 0; i < 960; i += 1) expect(detector.add(false)).toBe(false);
    const found = Array.from({ length: 64 }, () => detector.add(true)).indexOf(true);
    expect(found).toBe(31);
  });

  it.for([1, 2, 5])('looks at the cut after every bucket, with %i buckets of a size', (bucketsPerRow) => {
    let alarms = 0;
    for (const seed of seeds) {
      const detector = adwin({ bucketsPerRow, lookEvery: 1 });
      const model = plainAdwin(bucketsPerRow);
      const random = seeded(seed);
      for (let i = 0; i < 300; i += 1) {
        const isError = random() < (i < 150 ? 0.1 : 0.4);
        const isAlarm = model(isError);
        expect(detector.add(isError)).toBe(isAlarm);
        if (isAlarm) alarms += 1;
      }
    }
    expect(alarms).toBeGreaterThan(0);
  });
});

interface Bucket {
  readonly size: number;
  readonly errors: number;
}

/** The same as a list of buckets, oldest first: slow, and short enough to be seen right. */
function plainAdwin(bucketsPerRow: number): (isError: boolean) => boolean {
  let buckets: Bucket[] = [];
  return (isError) => {
    buckets.push({ size: 1, errors: isError ? 1 : 0 });
    for (let size = 1; buckets.filter((bucket) => bucket.size === size).length > bucketsPerRow; size *= 2) {
      const oldest = buckets.findIndex((bucket) => bucket.size === size);
      const [one, other] = buckets.slice(oldest, oldest + 2) as [Bucket, Bucket];
      buckets.splice(oldest, 2, { size: 2 * size, errors: one.errors + other.errors });
    }
    let hasRisen = false;
    for (let sign = cutOf(buckets); sign !== 0; sign = cutOf(buckets)) {
      hasRisen ||= sign > 0;
      buckets = buckets.slice(1);
    }
    return hasRisen;
  };
}

/** Bifet & Gavaldà's cut: the direction of the first one from the oldest side. */
function cutOf(buckets: readonly Bucket[]): number {
  const sum = (part: readonly Bucket[], what: keyof Bucket): number =>
    part.reduce((total, bucket) => total + bucket[what], 0);
  const n = sum(buckets, 'size');
  if (n <= 10) return 0;
  const rate = sum(buckets, 'errors') / n;
  const confidence = Math.log((2 * Math.log(n)) / 0.002);
  for (let at = 1; at < buckets.length; at += 1) {
    const [old, recent] = [buckets.slice(0, at), buckets.slice(at)];
    const [older, newer] = [sum(old, 'size'), sum(recent, 'size')];
    if (older < 5 || newer < 5) continue;
    const inverse = 1 / older + 1 / newer;
    const cut = Math.sqrt(2 * inverse * rate * (1 - rate) * confidence) + (2 / 3) * inverse * confidence;
    const change = sum(recent, 'errors') / newer - sum(old, 'errors') / older;
    if (Math.abs(change) > cut) return Math.sign(change);
  }
  return 0;
}

it.for([
  ['ddm', ddm],
  ['page-hinkley', pageHinkley],
] as const)('%s finds errors that double and double again', ([name, create]) => {
  const detector = create();
  expect(detector.name).toBe(name);
  expect(median(seeds.map((seed) => delay(create(), 0.1, 0.4, seed)))).toBeLessThan(400);
});

it('needs no warm-up of DDM twice: it starts again after an alarm', () => {
  const detector = ddm();
  const random = seeded(1);
  for (let i = 0; i < 1_000; i += 1) detector.add(random() < 0.1);
  let alarms = 0;
  for (let i = 0; i < 2_000; i += 1) if (detector.add(random() < 0.5)) alarms += 1;
  expect(alarms).toBeGreaterThanOrEqual(1);
  expect(alarms).toBeLessThan(4);
});
