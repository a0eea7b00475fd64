import type { DriftDetector } from './drift-detector.ts';

export interface AdwinOptions {
  /** Confidence: smaller means fewer and later alarms; above 0 and below 1. @defaultValue 0.002 */
  readonly delta?: number;
  /** Events between two looks for a cut. @defaultValue 32 */
  readonly lookEvery?: number;
  /** Buckets of each size. @defaultValue 5 */
  readonly bucketsPerRow?: number;
  /** Fewest events on either side of a cut. @defaultValue 5 */
  readonly minSide?: number;
  /** Events before the first look. @defaultValue 10 */
  readonly grace?: number;
}

/** Rows hold buckets of 2^row events: more than JavaScript can count. */
const MAX_ROWS = 50;

/**
 * Adaptive window: keeps as much of the past as has one mean, in O(log n) memory.
 *
 * It looks at the cut after **every** bucket, the newest of each row included: an implementation that is common in
 * Python skips one per row and is twice as slow to alarm. After an alarm it keeps the newer side of the cut. A fall
 * of the error rate moves the window too, but is no alarm.
 *
 * @see A. Bifet, R. Gavaldà, "Learning from time-changing data with adaptive windowing" (2007), §3 and thm. 3.1.
 */
export function adwin({
  delta = 0.002,
  lookEvery = 32,
  bucketsPerRow = 5,
  minSide = 5,
  grace = 10,
}: AdwinOptions = {}): DriftDetector {
  const width = bucketsPerRow + 1;
  /** Errors of each bucket, oldest first, by row; and how many buckets a row has. */
  const buckets = new Float64Array(MAX_ROWS * width);
  const used = new Int32Array(MAX_ROWS);
  let rows = 1;
  let n = 0;
  let errors = 0;
  let ticks = 0;

  function insert(isError: boolean): void {
    n += 1;
    if (isError) errors += 1;
    let carried = isError ? 1 : 0;
    for (let row = 0; row < MAX_ROWS; row += 1) {
      const base = row * width;
      const count = used[row] ?? 0;
      buckets[base + count] = carried;
      used[row] = count + 1;
      if (row >= rows) rows = row + 1;
      if (count + 1 <= bucketsPerRow) return;
      carried = (buckets[base] ?? 0) + (buckets[base + 1] ?? 0);
      buckets.copyWithin(base, base + 2, base + count + 1);
      used[row] = count - 1;
    }
  }

  function dropOldest(): void {
    const row = rows - 1;
    const base = row * width;
    n -= 2 ** row;
    errors -= buckets[base] ?? 0;
    buckets.copyWithin(base, base + 1, base + (used[row] ?? 0));
    used[row] = (used[row] ?? 1) - 1;
    while (rows > 1 && used[rows - 1] === 0) rows -= 1;
  }

  /** Direction of the first cut found from the oldest side: 1 for a rise, -1 for a fall, 0 for none. */
  function findCut(): number {
    const rate = errors / n;
    const variance = rate * (1 - rate);
    const confidence = Math.log((2 * Math.log(n)) / delta);
    let older = 0;
    let olderErrors = 0;
    for (let row = rows - 1; row >= 0; row -= 1) {
      for (let place = 0; place < (used[row] ?? 0); place += 1) {
        older += 2 ** row;
        olderErrors += buckets[row * width + place] ?? 0;
        const newer = n - older;
        if (newer < minSide) return 0;
        if (older < minSide) continue;
        const inverse = 1 / older + 1 / newer;
        const cut = Math.sqrt(2 * inverse * variance * confidence) + (2 / 3) * inverse * confidence;
        const change = (errors - olderErrors) / newer - olderErrors / older;
        if (Math.abs(change) > cut) return Math.sign(change);
      }
    }
    return 0;
  }

  return {
    name: 'adwin',
    add(isError) {
      insert(isError);
      ticks += 1;
      if (ticks % lookEvery !== 0 || n <= grace) return false;
      let hasRisen = false;
      for (let direction = findCut(); direction !== 0; direction = n > grace ? findCut() : 0) {
        hasRisen ||= direction > 0;
        dropOldest();
      }
      return hasRisen;
    },
  };
}
