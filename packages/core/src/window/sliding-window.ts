import { Slice } from './slice.ts';

/** One place of the ring. */
interface Slot {
  /** Which slice of all time is here; -Infinity before the first. */
  index: number;
  readonly slice: Slice;
  /** The slice itself, and every running sum that it is part of: what changes it must change them. */
  readonly targets: Slice[];
}

/** A window that is asked for again and again, kept added up. */
interface RunningSum {
  readonly slices: number;
  /** Slices of the window that are no longer being filled. */
  readonly closed: Slice;
  /** Those and the one that is: what `sum` hands out. */
  readonly total: Slice;
}

const OUTSIDE: readonly Slice[] = [];

/**
 * Several windows over the last stretch of event time, kept as one ring of slices.
 *
 * A window is exact in whole slices: it holds the slice that is being filled and the `windowMs / sliceMs - 1`
 * before it. Late information changes the slice in which its event happened, and every sum that holds the slice.
 * Counting touches one slice as long as events are on time; memory does not grow with traffic.
 */
export class SlidingWindow {
  readonly #sliceMs: number;
  readonly #ring: readonly Slot[];
  readonly #sums: ReadonlyMap<number, RunningSum>;
  /** The slot of the last event on time: the next one is most often there too. */
  #current: Slot | undefined;

  /**
   * @param windows - Lengths in milliseconds, whole multiples of `sliceMs`. Others, up to the longest, can be asked
   * for as well and are added up anew each time.
   */
  constructor(windows: readonly number[], sliceMs: number) {
    this.#sliceMs = sliceMs;
    this.#ring = Array.from({ length: this.#slicesIn(Math.max(...windows)) }, () => {
      const slice = new Slice();
      return { index: Number.NEGATIVE_INFINITY, slice, targets: [slice] };
    });
    this.#sums = new Map(
      windows.map((windowMs) => [
        windowMs,
        { slices: this.#slicesIn(windowMs), closed: new Slice(), total: new Slice() },
      ]),
    );
  }

  /** What an event of this moment must be counted in. Apart from {@link at}, since it is most of all there is. */
  now(nowMs: number): readonly Slice[] {
    const current = this.#current;
    if (current !== undefined && current.index === Math.floor(nowMs / this.#sliceMs)) return current.targets;
    return this.at(nowMs, nowMs);
  }

  /** What an event must be counted in, or nothing when its time has left the ring or lies ahead. O(1). */
  at(eventMs: number, nowMs: number): readonly Slice[] {
    const index = Math.floor(eventMs / this.#sliceMs);
    const newest = this.#indexOf(nowMs);
    if (index <= newest - this.#ring.length || index > newest) return OUTSIDE;
    const slot = this.#ring[modulo(index, this.#ring.length)];
    if (slot === undefined) return OUTSIDE;
    if (slot.index !== index) this.#reuse(slot, index);
    if (index === newest) this.#current = slot;
    return slot.targets;
  }

  /**
   * Everything that happened in the last `windowMs`, added up; valid until the next call. For a window of the
   * constructor O(slices that came and went since the last call), for others O(slices).
   */
  sum(windowMs: number, nowMs: number): Slice {
    const newest = this.#indexOf(nowMs);
    const sum = this.#sums.get(windowMs);
    if (sum === undefined) return this.#sumAnew(newest - this.#slicesIn(windowMs) + 1, newest);
    const { closed, total } = sum;
    total.clear();
    for (const slot of this.#ring) {
      this.#keepInStep(slot, closed, slot.index > newest - sum.slices && slot.index < newest);
      if (slot.index === newest) total.merge(slot.slice);
    }
    total.merge(closed);
    return total;
  }

  /** When the oldest slice of the window began: up to one slice less than `windowMs` ago. */
  startMs(windowMs: number, nowMs: number): number {
    return (this.#indexOf(nowMs) - this.#slicesIn(windowMs) + 1) * this.#sliceMs;
  }

  #reuse(slot: Slot, index: number): void {
    for (const { closed } of this.#sums.values()) this.#keepInStep(slot, closed, false);
    slot.slice.clear();
    slot.index = index;
  }

  #keepInStep({ slice, targets }: Slot, closed: Slice, isPart: boolean): void {
    const place = targets.indexOf(closed);
    if (isPart === place > 0) return;
    if (isPart) {
      closed.merge(slice);
      targets.push(closed);
    } else {
      closed.remove(slice);
      targets.splice(place, 1);
    }
  }

  #sumAnew(oldest: number, newest: number): Slice {
    const total = new Slice();
    for (const { index, slice } of this.#ring) {
      if (index >= oldest && index <= newest) total.merge(slice);
    }
    return total;
  }

  /** 57 ÷ 0.57 is 100.00000000000001 in floating point; without the slack that is a slice too many. */
  #slicesIn(spanMs: number): number {
    return Math.ceil(spanMs / this.#sliceMs - 1e-9);
  }

  #indexOf(timeMs: number): number {
    return Math.floor(timeMs / this.#sliceMs);
  }
}

/** Like `%`, but never negative: times before 1970 are times too. */
function modulo(index: number, length: number): number {
  return ((index % length) + length) % length;
}
