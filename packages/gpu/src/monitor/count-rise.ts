/** What counters have risen by, by their key. */
export type Rises = ReadonlyMap<string, { readonly total: number }>;

/** What a counter of the driver has risen by, and where it stood. */
export interface CountedRise {
  last: number;
  total: number;
  /** Which sight of any counter was the last of this one. */
  seen: number;
}

/** Counters remembered, of one kind; the longest unseen goes first. A machine has a few dozen GPUs. */
const CAPACITY = 256;

let sights = 0;

/**
 * Adds what the counter of a key rose by since its reading before. Starts at 0 with the first reading.
 *
 * The driver's counters start again when it is reloaded: a decrease counts as the new value. A missing reading
 * is not told here, leaves the total as it is, and the next one catches up.
 *
 * @param counted - Changed in place, its entries too: a round adds dozens of counters.
 */
export function countRise(counted: Map<string, CountedRise>, key: string, value: number): void {
  // One NaN of a source would stay in the total for ever.
  if (!Number.isFinite(value)) return;
  sights++;
  const before = counted.get(key);
  if (before === undefined) {
    counted.set(key, { last: value, total: 0, seen: sights });
    if (counted.size > CAPACITY) forgetLongestUnseen(counted);
    return;
  }
  before.total += value < before.last ? value : value - before.last;
  before.last = value;
  before.seen = sights;
}

function forgetLongestUnseen(counted: Map<string, CountedRise>): void {
  let oldest: string | undefined;
  let oldestSeen = Infinity;
  for (const [key, { seen }] of counted) {
    if (seen >= oldestSeen) continue;
    [oldest, oldestSeen] = [key, seen];
  }
  if (oldest !== undefined) counted.delete(oldest);
}
