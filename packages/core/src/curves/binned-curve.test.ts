import fc from 'fast-check';
import { expect, it } from 'vitest';
import { averagePrecision, rocAuc, type BinnedScores } from './binned-curve.ts';
import { scoreBin } from './score-bin.ts';

type Event = readonly [score: number, isPositive: boolean];

function binned(events: readonly Event[], bins: number): BinnedScores {
  const positives = new Uint32Array(bins);
  const negatives = new Uint32Array(bins);
  for (const [score, isPositive] of events) {
    const side = isPositive ? positives : negatives;
    const bin = scoreBin(score, bins);
    side[bin] = (side[bin] ?? 0) + 1;
  }
  return { positives, negatives };
}

function exactAuc(events: readonly Event[]): number {
  const positives = events.filter(([, isPositive]) => isPositive);
  const negatives = events.filter(([, isPositive]) => !isPositive);
  let won = 0;
  for (const [p] of positives) for (const [q] of negatives) won += p > q ? 1 : p === q ? 0.5 : 0;
  return won / (positives.length * negatives.length);
}

function exactPrecision(events: readonly Event[]): number {
  const positives = events.filter(([, isPositive]) => isPositive);
  const precisions = positives.map(([threshold]) => {
    const above = events.filter(([score]) => score >= threshold);
    return above.filter(([, isPositive]) => isPositive).length / above.length;
  });
  return precisions.reduce((sum, precision) => sum + precision, 0) / positives.length;
}

// Few distinct scores too: ties are where implementations differ.
const score = fc.oneof(
  fc.constantFrom(0, 1, 0.5, 1e-9, 1 - 1e-9),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const events = fc.array(fc.tuple(score, fc.boolean()), { minLength: 1, maxLength: 60 });

it.for([4, 64, 4_096])('is within its certified bound of the exact areas, with %i bins', (bins) => {
  fc.assert(
    fc.property(events, (sample) => {
      const curve = binned(sample, bins);
      const auc = rocAuc(curve);
      const positives = sample.filter(([, isPositive]) => isPositive).length;
      expect(auc === undefined).toBe(positives === 0 || positives === sample.length);
      if (auc !== undefined) {
        expect(Math.abs(auc.value - exactAuc(sample))).toBeLessThanOrEqual(auc.errorBound + 1e-12);
      }
      const precision = averagePrecision(curve);
      expect(precision === undefined).toBe(positives === 0);
      if (precision !== undefined) {
        expect(Math.abs(precision.value - exactPrecision(sample))).toBeLessThanOrEqual(
          precision.errorBound + 1e-12,
        );
      }
    }),
  );
});

it('has a bound below a thousandth for 2,000 scores that crowd near 0 and 1', () => {
  const crowded = Array.from({ length: 2_000 }, (_, i): Event => {
    const logit = (((i * 7_919) % 2_000) / 2_000 - 0.5) * 24;
    return [1 / (1 + Math.exp(-logit)), (i * 104_729) % 2_000 < 1_000 + logit * 40];
  });
  const area = rocAuc(binned(crowded, 4_096));
  expect(area?.errorBound).toBeLessThan(0.001);
  expect(Math.abs((area?.value ?? 0) - exactAuc(crowded))).toBeLessThanOrEqual(
    (area?.errorBound ?? 0) + 1e-12,
  );
});

it('keeps the order of scores in their bins', () => {
  fc.assert(
    fc.property(score, score, (a, b) => {
      expect(scoreBin(Math.min(a, b), 256)).toBeLessThanOrEqual(scoreBin(Math.max(a, b), 256));
    }),
  );
  expect([scoreBin(0, 256), scoreBin(1, 256)]).toEqual([0, 255]);
});
