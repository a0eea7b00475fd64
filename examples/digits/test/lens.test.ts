import fc from 'fast-check';
import { expect, it } from 'vitest';
import { imageSide, pixelCount } from '../src/images/image-set.ts';
import { dirtyLens } from '../src/lens/dirty-lens.ts';
import { normal } from '../src/random/normal.ts';
import { seededRandom } from '../src/random/seeded-random.ts';

const anyImage = fc.uint8Array({ minLength: pixelCount, maxLength: pixelCount });

it('changes nothing when it is clean', () => {
  fc.assert(
    fc.property(anyImage, (pixels) => {
      expect(dirtyLens(pixels, { strength: 0, random: seededRandom(1) })).toEqual(pixels);
    }),
    { numRuns: 20 },
  );
});

it('leaves the given image as it was', () => {
  fc.assert(
    fc.property(anyImage, fc.double({ min: 0, max: 3, noNaN: true }), (pixels, strength) => {
      const before = pixels.slice();
      dirtyLens(pixels, { strength, random: seededRandom(1) });
      expect(pixels).toEqual(before);
    }),
    { numRuns: 20 },
  );
});

it('clips ink instead of letting it wrap around: white paper stays lighter than ink', () => {
  const random = seededRandom(1);
  const mean = (ink: number): number => {
    const seen = dirtyLens(new Uint8Array(pixelCount).fill(ink), { strength: 1, random });
    // The middle, where the blur does not reach the border.
    const row = seen.subarray(14 * imageSide + 5, 14 * imageSide + 23);
    return row.reduce((sum, value) => sum + value, 0) / row.length;
  };
  expect(mean(0)).toBeLessThan(60);
  expect(mean(255)).toBeGreaterThan(195);
});

it('spreads a dot evenly to all sides', () => {
  const dot = new Uint8Array(pixelCount);
  const middle = 14 * imageSide + 14;
  dot[middle] = 255;
  // Half way through the uniform draw the cosine of the noise is nearly 0: only the blur is left.
  const seen = dirtyLens(dot, { strength: 1, random: () => 0.25 });
  for (const distance of [1, 2, 3]) {
    const around = [-distance, distance, -distance * imageSide, distance * imageSide];
    expect(new Set(around.map((offset) => seen[middle + offset]))).toHaveProperty('size', 1);
  }
  expect(seen[middle]).toBeGreaterThan(seen[middle + 2]!);
});

it('makes the same noise from the same seed, other noise from another', () => {
  const pixels = new Uint8Array(pixelCount).fill(128);
  const seen = (seed: number): Uint8Array => dirtyLens(pixels, { strength: 1, random: seededRandom(seed) });
  expect(seen(5)).toEqual(seen(5));
  expect(seen(5)).not.toEqual(seen(6));
});

it('draws noise of mean 0 and variance 1', () => {
  const random = seededRandom(1);
  const draws = Array.from({ length: 20_000 }, () => normal(random));
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
  // Four standard errors: 1/√n for the mean, √(2/n) for the variance.
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(draws.length));
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / draws.length));
});

it('draws finite noise even from the ends of the uniform draw', () => {
  expect(normal(() => 0)).toBeCloseTo(0, 10);
  expect(Number.isFinite(normal(() => 1 - 2 ** -53))).toBe(true);
});
