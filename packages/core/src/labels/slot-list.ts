import { NONE, SlotNumbers } from './id-table.ts';

/** Who comes before and after each slot. A slot is in one list at a time, so that all lists share these. */
export class SlotLinks {
  readonly list: SlotNumbers = new SlotNumbers();
  readonly previous: SlotNumbers = new SlotNumbers();
  readonly next: SlotNumbers = new SlotNumbers();
}

/** Slots from the oldest to the newest; every step is O(1), however many there are. */
export class SlotList {
  readonly #number: number;
  readonly #links: SlotLinks;
  #oldest = NONE;
  #newest = NONE;
  #size = 0;

  /** @param number - From 1, unlike that of every other list of these links. */
  constructor(number: number, links: SlotLinks) {
    this.#number = number;
    this.#links = links;
  }

  get size(): number {
    return this.#size;
  }

  /** {@link NONE} when it is empty. */
  get oldest(): number {
    return this.#oldest;
  }

  has(slot: number): boolean {
    return this.#links.list.get(slot) === this.#number;
  }

  /** Makes a slot that is in no list the newest one here. */
  add(slot: number): void {
    const { list, previous, next } = this.#links;
    list.set(slot, this.#number);
    previous.set(slot, this.#newest);
    next.set(slot, NONE);
    if (this.#newest === NONE) this.#oldest = slot;
    else next.set(this.#newest, slot);
    this.#newest = slot;
    this.#size += 1;
  }

  /** Takes out a slot that is here. */
  remove(slot: number): void {
    const { list, previous, next } = this.#links;
    const before = previous.get(slot);
    const after = next.get(slot);
    if (before === NONE) this.#oldest = after;
    else next.set(before, after);
    if (after === NONE) this.#newest = before;
    else previous.set(after, before);
    list.set(slot, 0);
    this.#size -= 1;
  }
}
