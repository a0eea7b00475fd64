import { IdBytes } from './id-bytes.ts';
import { ownCopy } from './own-copy.ts';

/** No slot. */
export const NONE = -1;

/** As many as keep the parts of a million ids small; a power of two. */
const PARTS = 64;
const FIRST_PLACES = 16;

/** Places of some of the ids: open addressing with linear probing, never more than half full. */
interface Part {
  /** A slot and 1 more; 0 is free. */
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
    places: new Int32Array(FIRST_PLACES),
    used: 0,
  }));
  readonly #ids = new IdBytes();
  readonly #hashes: SlotNumbers = new SlotNumbers();
  /** Next free slot of a free slot. */
  #free = NONE;
  #slots = 0;

  /** @param seed - 32 bits that a client cannot know, who could otherwise make up ids that all meet in one place. */
  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** The slot of an id, or {@link NONE}. */
  find(id: string): number {
    const hash = hashOf(id, this.#seed);
    const { places } = this.#partOf(hash);
    const mask = places.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const slot = (places[place] ?? 0) - 1;
      if (slot === NONE) return NONE;
      if (this.#hashes.get(slot) === hash && this.#ids.has(slot, id)) return slot;
    }
  }

  /** Gives an id that is not here a slot. */
  add(id: string): number {
    const hash = hashOf(id, this.#seed);
    const slot = this.#takeSlot();
    this.#hashes.set(slot, hash);
    this.#ids.set(slot, id, ownCopy);
    const part = this.#partOf(hash);
    part.used += 1;
    if (2 * part.used > part.places.length) this.#grow(part);
    put(part.places, hash, slot);
    return slot;
  }

  /** Forgets the id of a slot, which is free from now on. */
  remove(slot: number): void {
    const hash = this.#hashes.get(slot);
    const part = this.#partOf(hash);
    const { places } = part;
    const mask = places.length - 1;
    let hole = hash & mask;
    while (places[hole] !== slot + 1) hole = (hole + 1) & mask;
    // What was pushed on by the one that goes moves back, so that no search ends too early.
    for (let place = (hole + 1) & mask; places[place] !== 0; place = (place + 1) & mask) {
      const home = this.#hashes.get((places[place] ?? 0) - 1) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      places[hole] = places[place] ?? 0;
      hole = place;
    }
    places[hole] = 0;
    part.used -= 1;
    this.#ids.clear(slot);
    this.#hashes.set(slot, this.#free);
    this.#free = slot;
  }

  #takeSlot(): number {
    const slot = this.#free;
    if (slot === NONE) return this.#slots++;
    this.#free = this.#hashes.get(slot);
    return slot;
  }

  #grow(part: Part): void {
    const { places } = part;
    part.places = new Int32Array(2 * places.length);
    for (const taken of places) if (taken !== 0) put(part.places, this.#hashes.get(taken - 1), taken - 1);
  }

  #partOf(hash: number): Part {
    return this.#parts[hash >>> 26] as Part;
  }
}

function put(places: Int32Array, hash: number, slot: number): void {
  const mask = places.length - 1;
  let place = hash & mask;
  while (places[place] !== 0) place = (place + 1) & mask;
  places[place] = slot + 1;
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

const CHUNK = 4_096;
const CHUNK_BITS = 12;

/** A number for each slot, in chunks: nothing is copied when there come to be more. */
export class SlotNumbers {
  readonly #chunks: Int32Array[] = [];

  get(slot: number): number {
    return this.#chunks[slot >> CHUNK_BITS]?.[slot & (CHUNK - 1)] ?? 0;
  }

  set(slot: number, value: number): void {
    const chunk = (this.#chunks[slot >> CHUNK_BITS] ??= new Int32Array(CHUNK));
    chunk[slot & (CHUNK - 1)] = value;
  }
}
