import { NONE } from './id-table.ts';
import { LIST, NEXT, PREVIOUS, type SlotFields } from './slot-fields.ts';

/** Slots from the oldest to the newest; every step is O(1), however many there are. */
export class SlotList {
  readonly #number: number;
  readonly #fields: SlotFields;
  #oldest = NONE;
  #newest = NONE;
  #size = 0;

  /** @param number - From 1, unlike that of every other list of these slots: a slot is in one list at a time. */
  constructor(number: number, fields: SlotFields) {
    this.#number = number;
    this.#fields = fields;
  }

  get size(): number {
    return this.#size;
  }

  /** {@link NONE} when it is empty. */
  get oldest(): number {
    return this.#oldest;
  }

  has(slot: number): boolean {
    return this.#fields.get(slot, LIST) === this.#number;
  }

  /** Makes a slot that is in no list the newest one here. */
  add(slot: number): void {
    const fields = this.#fields;
    fields.set(slot, LIST, this.#number);
    fields.set(slot, PREVIOUS, this.#newest);
    fields.set(slot, NEXT, NONE);
    if (this.#newest === NONE) this.#oldest = slot;
    else fields.set(this.#newest, NEXT, slot);
    this.#newest = slot;
    this.#size += 1;
  }

  /** Takes out a slot that is here. */
  remove(slot: number): void {
    const fields = this.#fields;
    const before = fields.get(slot, PREVIOUS);
    const after = fields.get(slot, NEXT);
    if (before === NONE) this.#oldest = after;
    else fields.set(before, NEXT, after);
    if (after === NONE) this.#newest = before;
    else fields.set(after, PREVIOUS, before);
    fields.set(slot, LIST, 0);
    this.#size -= 1;
  }
}
