import { wilsonInterval, type Proportion } from '../quality/wilson-interval.ts';
import { mergeTables, type CountTable } from '../state/count-table.ts';
import { SegmentCounts, countAt } from './segment-counts.ts';
import { SegmentValues, type SegmentOption } from './segment-values.ts';

/** How one value of a segment does. */
export interface SegmentScores {
  readonly segment: string;
  /** A value as it was recorded, or `_OTHER` for all that had no place. */
  readonly value: string;
  /** Predictions made in the window. */
  readonly n: number;
  /** Of these, how many have their truth by now. */
  readonly labelled: number;
  readonly accuracy: Proportion | undefined;
}

/** Since the start of the process. */
export interface SegmentTotal {
  readonly segment: string;
  readonly value: string;
  readonly predictions: number;
  readonly labelled: number;
  readonly correct: number;
}

/** No value of this segment came with the prediction. */
const NONE = -1;

/** All segments of a monitor: which cell a prediction is counted in, and totals since the start. */
export class SegmentBook {
  readonly #values: readonly SegmentValues[];
  readonly #offsets: readonly number[];
  readonly #cells: number;
  readonly #totals: {
    readonly predictions: Float64Array;
    readonly labelled: Float64Array;
    readonly correct: Float64Array;
  };

  constructor(options: readonly SegmentOption[]) {
    this.#values = options.map((option) => new SegmentValues(option));
    let cells = 0;
    this.#offsets = this.#values.map(({ other }) => {
      const offset = cells;
      cells += other + 1;
      return offset;
    });
    this.#cells = cells;
    this.#totals = {
      predictions: new Float64Array(cells),
      labelled: new Float64Array(cells),
      correct: new Float64Array(cells),
    };
  }

  get size(): number {
    return this.#values.length;
  }

  counts(): SegmentCounts {
    return new SegmentCounts(this.#cells);
  }

  /**
   * Writes the cell of each segment into `cells` from `start`, -1 for none.
   *
   * @returns `false` when a value cannot be used: it is not a text of 1 to 256 characters.
   */
  read(segments: Readonly<Record<string, unknown>> | undefined, cells: Float64Array, start: number): boolean {
    let areUsable = true;
    for (let place = 0; place < this.#values.length; place += 1) {
      const values = this.#values[place];
      const value = values === undefined ? undefined : segments?.[values.name];
      const isUsable = typeof value === 'string' && value.length > 0 && value.length <= 256;
      areUsable &&= isUsable || value === undefined;
      cells[start + place] = isUsable ? (this.#offsets[place] ?? 0) + (values?.numberOf(value) ?? 0) : NONE;
    }
    return areUsable;
  }

  predicted(cells: Float64Array, start: number, counts: SegmentCounts | undefined): void {
    for (let place = 0; place < this.#values.length; place += 1) {
      const cell = cells[start + place] ?? NONE;
      if (cell === NONE) continue;
      countAt(this.#totals.predictions, cell);
      if (counts !== undefined) countAt(counts.predictions, cell);
    }
  }

  settled(cells: Float64Array, start: number, isCorrect: boolean, counts: SegmentCounts | undefined): void {
    for (let place = 0; place < this.#values.length; place += 1) {
      const cell = cells[start + place] ?? NONE;
      if (cell === NONE) continue;
      countAt(this.#totals.labelled, cell);
      if (isCorrect) countAt(this.#totals.correct, cell);
      if (counts === undefined) continue;
      countAt(counts.labelled, cell);
      if (isCorrect) countAt(counts.correct, cell);
    }
  }

  scores(counts: SegmentCounts): SegmentScores[] {
    return this.#cellNames().map(({ segment, value, cell }) => {
      const labelled = counts.labelled[cell] ?? 0;
      const n = counts.predictions[cell] ?? 0;
      return { segment, value, n, labelled, accuracy: wilsonInterval(counts.correct[cell] ?? 0, labelled) };
    });
  }

  /** Segment and value; predictions, labelled, correct: in the order of names and values. */
  rows(counts: SegmentCounts): CountTable {
    return mergeTables(
      [
        this.#cellNames().map(({ segment, value, cell }) => [
          segment,
          value,
          counts.predictions[cell] ?? 0,
          counts.labelled[cell] ?? 0,
          counts.correct[cell] ?? 0,
        ]),
      ],
      2,
    );
  }

  totals(): SegmentTotal[] {
    const { predictions, labelled, correct } = this.#totals;
    return this.#cellNames().map(({ segment, value, cell }) => ({
      segment,
      value,
      predictions: predictions[cell] ?? 0,
      labelled: labelled[cell] ?? 0,
      correct: correct[cell] ?? 0,
    }));
  }

  /** Predictions counted as `_OTHER`, over all segments. */
  get overflowed(): number {
    return this.#values.reduce((sum, { overflowed }) => sum + overflowed, 0);
  }

  #cellNames(): { readonly segment: string; readonly value: string; readonly cell: number }[] {
    return this.#values.flatMap((values, place) =>
      values.entries().map(([value, number]) => ({
        segment: values.name,
        value,
        cell: (this.#offsets[place] ?? 0) + number,
      })),
    );
  }
}
