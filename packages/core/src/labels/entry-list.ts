import type { PendingPrediction } from './pending-labels.ts';

/** What is known of one id. It is in one list at a time, which says what it waits for. */
export interface Entry {
  id: string;
  list: EntryList | undefined;
  /** Of a prediction that waits for its truth. */
  prediction: PendingPrediction | undefined;
  /** Of a label that came early, and of an id that is settled. */
  actual: string;
  /** Of the prediction or the early label, in milliseconds. */
  timeMs: number;
  previous: Entry | undefined;
  next: Entry | undefined;
}

/** Entries from the oldest to the newest; every step is O(1), however many there are. */
export class EntryList {
  #oldest: Entry | undefined;
  #newest: Entry | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get oldest(): Entry | undefined {
    return this.#oldest;
  }

  /** Makes an entry the newest one here, and takes it out of the list in which it was. */
  add(entry: Entry): void {
    entry.list?.remove(entry);
    entry.list = this;
    entry.previous = this.#newest;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.next = entry;
    this.#newest = entry;
    this.#size += 1;
  }

  /** Takes out an entry that is here. */
  remove(entry: Entry): void {
    const { previous, next } = entry;
    if (previous === undefined) this.#oldest = next;
    else previous.next = next;
    if (next === undefined) this.#newest = previous;
    else next.previous = previous;
    entry.previous = undefined;
    entry.next = undefined;
    entry.list = undefined;
    this.#size -= 1;
  }
}
