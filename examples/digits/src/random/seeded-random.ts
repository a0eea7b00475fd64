/** Draws the next number in [0, 1), like `Math.random`. */
export type Random = () => number;

/**
 * A stream of random numbers that is the same on every machine for one seed.
 *
 * The generator is mulberry32 (Tommy Ettinger, public domain): 32 bits of state, period 2^32. Good enough
 * to shuffle images and draw arrivals; not for secrets.
 *
 * @param seed - A whole number; only its low 32 bits count.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
