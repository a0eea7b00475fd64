import { Slice } from './slice.ts';

/**
 * The last stretch of event time, kept as a ring of slices.
 *
 * A window is exact in whole slices: it holds the slice that is being filled and the `windowMs / sliceMs - 1`
 * before it. Late information changes the slice in which its event happened. Memory does not grow with traffic.
 */
export class SlidingWindow {
  readonly #sliceMs: number;
  readonly #ring: { index: number; readonly slice: Slice }[];

  /** @param spanMs - The longest window that can be asked for; a multiple of `sliceMs`. */
  constructor(spanMs: number, sliceMs: number) {
    this.#sliceMs = sliceMs;
    this.#ring = Array.from({ length: this.#slicesIn(spanMs) }, () => ({
      index: Number.NEGATIVE_INFINITY,
      slice: new Slice(),
    }));
  }

  /** The slice of an event, or `undefined` when its time has left the window. O(1). */
  at(eventMs: number, nowMs: number): Slice | undefined {
    const index = Math.floor(eventMs / this.#sliceMs);
    if (index <= this.#newest(nowMs) - this.#ring.length || index > this.#newest(nowMs)) return undefined;
    const slot = this.#ring[modulo(index, this.#ring.length)];
    if (slot === undefined) return undefined;
    if (slot.index !== index) {
      slot.slice.clear();
      slot.index = index;
    }
    return slot.slice;
  }

  /** Everything that happened in the last `windowMs`, added up. O(slices × distinct keys). */
  sum(windowMs: number, nowMs: number): Slice {
    const newest = this.#newest(nowMs);
    const oldest = this.#oldest(windowMs, nowMs);
    const total = new Slice();
    for (const { index, slice } of this.#ring) {
      if (index >= oldest && index <= newest) total.merge(slice);
    }
    return total;
  }

  /** When the oldest slice of the window began: up to one slice less than `windowMs` ago. */
  startMs(windowMs: number, nowMs: number): number {
    return this.#oldest(windowMs, nowMs) * this.#sliceMs;
  }

  #oldest(windowMs: number, nowMs: number): number {
    return this.#newest(nowMs) - this.#slicesIn(windowMs) + 1;
  }

  /** 57 ÷ 0.57 is 100.00000000000001 in floating point; without the slack that is a slice too many. */
  #slicesIn(spanMs: number): number {
    return Math.ceil(spanMs / this.#sliceMs - 1e-9);
  }

  #newest(nowMs: number): number {
    return Math.floor(nowMs / this.#sliceMs);
  }
}

/** Like `%`, but never negative: times before 1970 are times too. */
function modulo(index: number, length: number): number {
  return ((index % length) + length) % length;
}
