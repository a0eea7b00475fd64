import type { Window } from './function-row.ts';

/** A window that moves along the samples of one series. */
export class SampleWindow implements Window {
  readonly times: Float64Array;
  readonly values: Float64Array;
  from = 0;
  to = 0;
  startMs = 0;
  endMs = 0;
  stepMs = 0;
  /** How often the values fell up to each of them, once many windows have asked. */
  #falls: Uint32Array | undefined;
  #asked = 0;

  constructor(times: Float64Array, values: Float64Array) {
    this.times = times;
    this.values = values;
  }

  hasFalls(from: number, to: number): boolean {
    this.#asked += to - from;
    // Windows overlap: counting once is cheaper from the second look at a sample on.
    if (this.#falls === undefined && this.#asked > this.values.length) this.#falls = countFalls(this.values);
    if (this.#falls !== undefined) return this.#falls[to - 1] !== this.#falls[from];
    for (let at = from + 1; at < to; at++) {
      if ((this.values[at] as number) < (this.values[at - 1] as number)) return true;
    }
    return false;
  }
}

function countFalls(values: Float64Array): Uint32Array {
  const falls = new Uint32Array(values.length);
  let count = 0;
  for (let at = 1; at < values.length; at++) {
    if ((values[at] as number) < (values[at - 1] as number)) count += 1;
    falls[at] = count;
  }
  return falls;
}
