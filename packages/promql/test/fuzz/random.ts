/** Seeded randomness: the same seed draws the same series and queries on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  /** `true` with this probability. */
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Some of the items, in their order; possibly none. */
  some<T>(from: readonly T[]): T[];
  /** All of the items in another order. */
  shuffle<T>(from: readonly T[]): T[];
}

/** mulberry32: 32 bits of state are enough to vary a test. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    some: (from) => from.filter(() => next() < 0.5),
    shuffle: (from) => {
      const keyed = from.map((item) => ({ item, key: next() }));
      return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
    },
  };
}
