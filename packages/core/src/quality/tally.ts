/**
 * Counts per small integer key. A key that was never counted is 0.
 *
 * Memory is eight bytes for each number from the smallest to the largest key, whether counted or not: keys are numbers
 * of classes, of cells and of bins. Once it is as wide as its keys, nothing is allocated. Exact to 2^53.
 */
export class Tally {
  #counts: Float64Array = new Float64Array(0);
  /** The key that the first place counts. */
  #base = 0;

  add(key: number, by = 1): void {
    const at = key - this.#base;
    if (at >= 0 && at < this.#counts.length) this.#counts[at] = (this.#counts[at] ?? 0) + by;
    else if (by !== 0) this.#addOutside(key, by);
  }

  get(key: number): number {
    return this.#counts[key - this.#base] ?? 0;
  }

  /** Keys whose count is not 0, ascending. */
  *entries(): IterableIterator<[key: number, count: number]> {
    for (let at = 0; at < this.#counts.length; at += 1) {
      const count = this.#counts[at] ?? 0;
      if (count !== 0) yield [this.#base + at, count];
    }
  }

  /** Adds the counts of another. */
  merge(other: Tally): void {
    this.#cover(other);
    const shift = other.#base - this.#base;
    for (let at = 0; at < other.#counts.length; at += 1) {
      this.#counts[at + shift] = (this.#counts[at + shift] ?? 0) + (other.#counts[at] ?? 0);
    }
  }

  /** Takes away counts that were merged before. */
  remove(other: Tally): void {
    this.#cover(other);
    const shift = other.#base - this.#base;
    for (let at = 0; at < other.#counts.length; at += 1) {
      this.#counts[at + shift] = (this.#counts[at + shift] ?? 0) - (other.#counts[at] ?? 0);
    }
  }

  /** Back to 0, and as wide as before. */
  clear(): void {
    this.#counts.fill(0);
  }

  /** What it holds in memory now. */
  get bytes(): number {
    return this.#counts.byteLength;
  }

  #addOutside(key: number, by: number): void {
    if (!Number.isSafeInteger(key)) return; // NaN is no key, and no width would ever cover it
    this.#widen(key, key + 1);
    this.add(key, by);
  }

  #cover(other: Tally): void {
    if (other.#counts.length === 0) return;
    const end = other.#base + other.#counts.length;
    if (other.#base < this.#base || end > this.#base + this.#counts.length) this.#widen(other.#base, end);
  }

  /** In steps of eight keys, and by a quarter at least: keys come one by one at first. */
  #widen(from: number, to: number): void {
    const old = this.#counts;
    const isEmpty = old.length === 0;
    const spare = old.length >> 2;
    const oldEnd = this.#base + old.length;
    const low = isEmpty ? from : from < this.#base ? from - spare : this.#base;
    const high = isEmpty ? to : to > oldEnd ? to + spare : oldEnd;
    const base = Math.floor(low / 8) * 8;
    const wide = new Float64Array(Math.ceil((high - base) / 8) * 8);
    if (!isEmpty) wide.set(old, this.#base - base);
    this.#counts = wide;
    this.#base = base;
  }
}
