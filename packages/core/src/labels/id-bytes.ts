/** Longest id that is kept as bytes: a UUID, and the id of a trace with its span. */
const WIDTH = 56;
/** Ids of one array: a larger one would take its time to make. */
const CHUNK = 4_096;
const CHUNK_BITS = 12;
const LONG = 255;

/**
 * Ids by slot, outside of the heap: a million strings that live for minutes would be copied twice and walked through
 * by every large collection.
 *
 * An id that is longer, or not of plain letters, is kept as a string.
 */
export class IdBytes {
  readonly #chunks: Uint8Array[] = [];
  /** In a byte: its length, or {@link LONG} for one that is a string. */
  readonly #long = new Map<number, string>();

  /** @param own - The same text in memory of its own, asked for only when it is kept as a string. */
  set(slot: number, id: string, own: (id: string) => string): void {
    const bytes = (this.#chunks[slot >> CHUNK_BITS] ??= new Uint8Array(CHUNK * (WIDTH + 1)));
    const start = (slot & (CHUNK - 1)) * (WIDTH + 1);
    if (bytes[start] === LONG) this.#long.delete(slot);
    bytes[start] = id.length;
    if (id.length <= WIDTH && writeLatin(bytes, start + 1, id)) return;
    bytes[start] = LONG;
    this.#long.set(slot, own(id));
  }

  has(slot: number, id: string): boolean {
    const bytes = this.#chunks[slot >> CHUNK_BITS];
    if (bytes === undefined) return false;
    const start = (slot & (CHUNK - 1)) * (WIDTH + 1);
    if (bytes[start] === LONG) return this.#long.get(slot) === id;
    if (bytes[start] !== id.length) return false;
    for (let i = 0; i < id.length; i += 1) if (bytes[start + 1 + i] !== id.charCodeAt(i)) return false;
    return true;
  }

  /** Lets go of a string. */
  clear(slot: number): void {
    if (this.#long.size === 0) return;
    const bytes = this.#chunks[slot >> CHUNK_BITS];
    const start = (slot & (CHUNK - 1)) * (WIDTH + 1);
    if (bytes?.[start] !== LONG) return;
    this.#long.delete(slot);
    bytes[start] = 0;
  }
}

function writeLatin(bytes: Uint8Array, start: number, id: string): boolean {
  for (let i = 0; i < id.length; i += 1) {
    const unit = id.charCodeAt(i);
    if (unit > 255) return false;
    bytes[start + i] = unit;
  }
  return true;
}
