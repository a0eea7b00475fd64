/** Counts per small integer key. A key that was never counted is 0. */
export class Tally {
  readonly #counts = new Map<number, number>();

  add(key: number, by = 1): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + by);
  }

  get(key: number): number {
    return this.#counts.get(key) ?? 0;
  }

  has(key: number): boolean {
    return this.#counts.has(key);
  }

  /** Number of keys counted at least once. */
  get size(): number {
    return this.#counts.size;
  }

  entries(): IterableIterator<[key: number, count: number]> {
    return this.#counts.entries();
  }

  merge(other: Tally): void {
    for (const [key, count] of other.entries()) this.add(key, count);
  }

  clear(): void {
    this.#counts.clear();
  }
}
