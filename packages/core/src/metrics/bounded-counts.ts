/** Counts per key for at most `maxKeys` keys; the rest share one, so that the total stays exact. */
export class BoundedCounts<Key> {
  readonly #counts = new Map<Key, number>();
  readonly #maxKeys: number;
  readonly #overflowKey: Key;
  #overflowed = 0;

  /** @param overflowKey - Counts what has no place any more; does not use up a place. */
  constructor(maxKeys: number, overflowKey: Key) {
    this.#maxKeys = maxKeys;
    this.#overflowKey = overflowKey;
  }

  /** Counts, and returns the key it was counted under. Adding 0 makes a key present. */
  add(key: Key, by = 1): Key {
    const fits = this.#counts.has(key) || this.#counts.size < this.#maxKeys || key === this.#overflowKey;
    const used = fits ? key : this.#overflowKey;
    if (!fits) this.#overflowed += by;
    this.#counts.set(used, (this.#counts.get(used) ?? 0) + by);
    return used;
  }

  /** How many events were counted under the overflow key for want of a place. */
  get overflowed(): number {
    return this.#overflowed;
  }

  entries(): IterableIterator<[key: Key, count: number]> {
    return this.#counts.entries();
  }
}
