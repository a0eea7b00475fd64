import { IdBytes } from './id-bytes.ts';
import { ownCopy } from './own-copy.ts';
import { HASH, type SlotFields } from './slot-fields.ts';

/** No slot. */
export const NONE = -1;

/** As many as keep the parts of a million ids small; a power of two. */
const PARTS = 64;
const FIRST_PLACES = 16;

/** Places of some of the ids: open addressing with linear probing, never more than half full. */
interface Part {
  /** In pairs: a slot and 1 more, or 0 for a free place; and the hash of its id. */
  places: Int32Array;
  used: number;
}

/**
 * Gives every id a small number, a slot, that is its own until it is removed. Slots are used again, the last one that
 * was removed first.
 *
 * Numbers and bytes in typed arrays only: a million ids are nothing to the garbage collector. In many parts, of which
 * each grows alone: one table of a million stops the service for 40 ms when it has to grow.
 */
export class IdTable {
  readonly #seed: number;
  readonly #parts: readonly Part[] = Array.from({ length: PARTS }, () => ({
    places: new Int32Array(2 * FIRST_PLACES),
    used: 0,
  }));
  readonly #ids = new IdBytes();
  /** The hash of a slot; of a free one, the next one that is free. */
  readonly #fields: SlotFields;
  #free = NONE;
  #slots = 0;

  /** @param seed - 32 bits that a client cannot know, who could otherwise make up ids that all meet in one place. */
  constructor(seed: number, fields: SlotFields) {
    this.#seed = seed | 0;
    this.#fields = fields;
  }

  /** The slot of an id, or {@link NONE}. */
  find(id: string): number {
    const hash = hashOf(id, this.#seed);
    const { places } = this.#partOf(hash);
    const mask = places.length - 1;
    for (let place = (hash << 1) & mask; ; place = (place + 2) & mask) {
      const slot = (places[place] ?? 0) - 1;
      if (slot === NONE) return NONE;
      if (places[place + 1] === hash && this.#ids.has(slot, id)) return slot;
    }
  }

  /** Gives an id that is not here a slot. */
  add(id: string): number {
    const hash = hashOf(id, this.#seed);
    const slot = this.#takeSlot();
    this.#fields.set(slot, HASH, hash);
    this.#ids.set(slot, id, ownCopy);
    const part = this.#partOf(hash);
    part.used += 1;
    if (4 * part.used > part.places.length) this.#grow(part);
    put(part.places, hash, slot);
    return slot;
  }

  /** Forgets the id of a slot, which is free from now on. */
  remove(slot: number): void {
    const hash = this.#fields.get(slot, HASH);
    const part = this.#partOf(hash);
    const { places } = part;
    const mask = places.length - 1;
    let hole = (hash << 1) & mask;
    while (places[hole] !== slot + 1) hole = (hole + 2) & mask;
    // What was pushed on by the one that goes moves back, so that no search ends too early.
    for (let place = (hole + 2) & mask; places[place] !== 0; place = (place + 2) & mask) {
      const home = ((places[place + 1] ?? 0) << 1) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      places[hole] = places[place] ?? 0;
      places[hole + 1] = places[place + 1] ?? 0;
      hole = place;
    }
    places[hole] = 0;
    part.used -= 1;
    this.#ids.clear(slot);
    this.#fields.set(slot, HASH, this.#free);
    this.#free = slot;
  }

  #takeSlot(): number {
    const slot = this.#free;
    if (slot === NONE) return this.#slots++;
    this.#free = this.#fields.get(slot, HASH);
    return slot;
  }

  #grow(part: Part): void {
    const { places } = part;
    part.places = new Int32Array(2 * places.length);
    for (let place = 0; place < places.length; place += 2) {
      const taken = places[place] ?? 0;
      if (taken !== 0) put(part.places, places[place + 1] ?? 0, taken - 1);
    }
  }

  #partOf(hash: number): Part {
    return this.#parts[hash >>> 26] as Part;
  }
}

function put(places: Int32Array, hash: number, slot: number): void {
  const mask = places.length - 1;
  let place = (hash << 1) & mask;
  while (places[place] !== 0) place = (place + 2) & mask;
  places[place] = slot + 1;
  places[place + 1] = hash;
}

/** Mixed as MurmurHash3 mixes at its end, so that ids that are counted up spread. */
function hashOf(id: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < id.length; i += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(i), 0xcc9e2d51);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
