/** What a ring can keep: counts that can start again from nothing. */
export interface Clearable {
  clear(): void;
}

/**
 * The last stretch of event time as a ring of slices that come into being when something happens in them.
 *
 * It cuts time exactly as {@link SlidingWindow} does, for counts that few monitors need. Nothing is subtracted:
 * a window is added up from its slices, so that it cannot drift however often it slides.
 */
export class SliceRing<Counts extends Clearable> {
  readonly #sliceMs: number;
  readonly #create: () => Counts;
  readonly #indexes: Float64Array;
  readonly #slices: (Counts | undefined)[];

  /** @param spanMs - The longest window that can be asked for; a multiple of `sliceMs`. */
  constructor(spanMs: number, sliceMs: number, create: () => Counts) {
    const length = slicesIn(spanMs, sliceMs);
    this.#sliceMs = sliceMs;
    this.#create = create;
    this.#indexes = new Float64Array(length).fill(Number.NEGATIVE_INFINITY);
    this.#slices = Array.from({ length }, () => undefined);
  }

  /** The slice of an event, or `undefined` when its time is not in the window. O(1); allocates once a place. */
  at(eventMs: number, nowMs: number): Counts | undefined {
    const index = Math.floor(eventMs / this.#sliceMs);
    const newest = eventMs === nowMs ? index : Math.floor(nowMs / this.#sliceMs);
    const { length } = this.#slices;
    if (index > newest || index <= newest - length) return undefined;
    const place = ((index % length) + length) % length;
    let slice = this.#slices[place];
    if (slice === undefined) this.#slices[place] = slice = this.#create();
    else if (this.#indexes[place] !== index) slice.clear();
    this.#indexes[place] = index;
    return slice;
  }

  /** Slices of the last `windowMs` in which something happened, in no order. */
  within(windowMs: number, nowMs: number): Counts[] {
    const newest = Math.floor(nowMs / this.#sliceMs);
    const oldest = newest - slicesIn(windowMs, this.#sliceMs) + 1;
    return this.#slices.flatMap((slice, place) => {
      const index = this.#indexes[place] ?? Number.NEGATIVE_INFINITY;
      return slice !== undefined && index >= oldest && index <= newest ? [slice] : [];
    });
  }
}

/** 57 ÷ 0.57 is 100.00000000000001 in floating point; without the slack that is a slice too many. */
function slicesIn(spanMs: number, sliceMs: number): number {
  return Math.ceil(spanMs / sliceMs - 1e-9);
}
