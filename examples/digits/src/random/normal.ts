import type { Random } from './seeded-random.ts';

/** One draw from the standard normal distribution (Box and Muller 1958, the cosine half). */
export function normal(random: Random): number {
  // 1 − u lies in (0, 1]: the logarithm stays finite.
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
