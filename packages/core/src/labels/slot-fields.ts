/** What is known of every slot, 32 bits each: side by side, since they are looked at together. */
export const HASH = 0;
export const LIST = 1;
export const PREVIOUS = 2;
export const NEXT = 3;
const FIELDS = 4;

const CHUNK = 4_096;
const CHUNK_BITS = 12;

/** Numbers of each slot, in chunks: nothing is copied when there come to be more. All are 0 at first. */
export class SlotFields {
  readonly #chunks: Int32Array[] = [];

  get(slot: number, field: number): number {
    return this.#chunks[slot >> CHUNK_BITS]?.[FIELDS * (slot & (CHUNK - 1)) + field] ?? 0;
  }

  set(slot: number, field: number, value: number): void {
    const chunk = (this.#chunks[slot >> CHUNK_BITS] ??= new Int32Array(FIELDS * CHUNK));
    chunk[FIELDS * (slot & (CHUNK - 1)) + field] = value;
  }
}
