/** What a counter of the driver has risen by, and where it stood. */
export interface CountedRise {
  readonly last: number;
  readonly total: number;
}

/** Counters remembered; the longest unseen goes first. A machine has a few dozen GPUs with a dozen each. */
const CAPACITY = 4_096;

/**
 * Adds what each counter rose by since the reading before. Starts at 0 with the first reading.
 *
 * The driver's counters start again when it is reloaded: a decrease counts as the new value. A missing reading
 * is no row here, leaves the total as it is, and the next one catches up.
 */
export function countRises(
  counted: ReadonlyMap<string, CountedRise>,
  readings: Iterable<readonly [key: string, value: number]>,
): ReadonlyMap<string, CountedRise> {
  const next = new Map(counted);
  for (const [key, value] of readings) {
    // One NaN of a source would stay in the total for ever.
    if (!Number.isFinite(value)) continue;
    const before = next.get(key) ?? { last: value, total: 0 };
    const risen = value < before.last ? value : value - before.last;
    next.delete(key);
    next.set(key, { last: value, total: before.total + risen });
  }
  for (const key of next.keys()) {
    if (next.size <= CAPACITY) break;
    next.delete(key);
  }
  return next;
}
