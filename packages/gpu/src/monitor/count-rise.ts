/** What a counter of the driver has risen by, and where it stood. */
export interface CountedRise {
  readonly last: number;
  readonly total: number;
}

/** Counters remembered, of one kind; the longest unseen goes first. A machine has a few dozen GPUs. */
const CAPACITY = 256;

/**
 * Adds what the counter of a key rose by since its reading before. Starts at 0 with the first reading.
 *
 * The driver's counters start again when it is reloaded: a decrease counts as the new value. A missing reading
 * is not told here, leaves the total as it is, and the next one catches up.
 *
 * @param counted - Changed in place: a round adds dozens of counters.
 */
export function countRise(counted: Map<string, CountedRise>, key: string, value: number): void {
  // One NaN of a source would stay in the total for ever.
  if (!Number.isFinite(value)) return;
  const before = counted.get(key) ?? { last: value, total: 0 };
  const risen = value < before.last ? value : value - before.last;
  counted.delete(key); // to the end: the order is that of the last sight
  counted.set(key, { last: value, total: before.total + risen });
  if (counted.size > CAPACITY) forgetFirst(counted);
}

function forgetFirst(counted: Map<string, CountedRise>): void {
  for (const key of counted.keys()) {
    counted.delete(key);
    return;
  }
}
