const CHUNK = 1_024;
const NONE = -1;

/**
 * Rows of numbers by id, in bounded memory: the oldest row makes room.
 *
 * Rows lie in typed arrays and are used again, so that a busy service allocates nothing per prediction but its
 * key. Memory grows in steps of 1,024 rows up to the cap.
 */
export class HeldDetails {
  readonly #columns: number;
  readonly #capacity: number;
  readonly #slots = new Map<string, number>();
  readonly #chunks: Float64Array[] = [];
  readonly #ids: (string | undefined)[] = [];
  /** Rows in order of age, as a doubly linked list; and a singly linked list of the free ones in `#newer`. */
  readonly #older: Int32Array;
  readonly #newer: Int32Array;
  #oldest = NONE;
  #newest = NONE;
  #free = NONE;
  #evicted = 0;

  constructor(columns: number, capacity: number) {
    this.#columns = columns;
    this.#capacity = Math.max(1, capacity);
    this.#older = new Int32Array(this.#capacity);
    this.#newer = new Int32Array(this.#capacity);
  }

  get size(): number {
    return this.#slots.size;
  }

  /** Rows that made room for newer ones. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Copies a row; one of the same id is replaced. */
  keep(id: string, numbers: ArrayLike<number>): void {
    this.drop(id);
    const slot = this.#take();
    this.#slots.set(id, slot);
    this.#ids[slot] = id;
    const chunk = this.#chunk(slot);
    const row = (slot % CHUNK) * this.#columns;
    for (let column = 0; column < this.#columns; column += 1) chunk[row + column] = numbers[column] ?? 0;
    this.#older[slot] = this.#newest;
    this.#newer[slot] = NONE;
    if (this.#newest === NONE) this.#oldest = slot;
    else this.#newer[this.#newest] = slot;
    this.#newest = slot;
  }

  /** Moves a row out into `numbers`; `false` when there is none. */
  recall(id: string, numbers: Float64Array): boolean {
    const slot = this.#slots.get(id);
    if (slot === undefined) return false;
    const chunk = this.#chunk(slot);
    const row = (slot % CHUNK) * this.#columns;
    for (let column = 0; column < this.#columns; column += 1) numbers[column] = chunk[row + column] ?? 0;
    this.#release(id, slot);
    return true;
  }

  drop(id: string): void {
    const slot = this.#slots.get(id);
    if (slot !== undefined) this.#release(id, slot);
  }

  #take(): number {
    if (this.#free === NONE && this.#ids.length >= this.#capacity) {
      const oldest = this.#ids[this.#oldest];
      if (oldest !== undefined) {
        this.#release(oldest, this.#oldest);
        this.#evicted += 1;
      }
    }
    const slot = this.#free;
    if (slot === NONE) return this.#ids.push(undefined) - 1;
    this.#free = this.#newer[slot] ?? NONE;
    return slot;
  }

  #release(id: string, slot: number): void {
    const older = this.#older[slot] ?? NONE;
    const newer = this.#newer[slot] ?? NONE;
    if (older === NONE) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === NONE) this.#newest = older;
    else this.#older[newer] = older;
    this.#newer[slot] = this.#free;
    this.#free = slot;
    this.#ids[slot] = undefined;
    this.#slots.delete(id);
  }

  #chunk(slot: number): Float64Array {
    return (this.#chunks[Math.floor(slot / CHUNK)] ??= new Float64Array(CHUNK * this.#columns));
  }
}
