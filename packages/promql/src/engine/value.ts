import type { LabelSet } from '../labels/label-set.ts';

/**
 * One series over all steps of a grid.
 *
 * Presence is a flag of its own: NaN is a value, a gap is not.
 */
export interface Column {
  readonly labels: LabelSet;
  /** Under delayed name removal: the name goes when the query is done. */
  readonly nameDropped: boolean;
  readonly values: Float64Array;
  /** 1 where the series has a value. */
  readonly present: Uint8Array;
}

/** Raw samples of one series for functions over ranges, without stale marks. */
export interface SampleRun {
  readonly labels: LabelSet;
  readonly nameDropped: boolean;
  /** Milliseconds, ascending. */
  readonly times: Float64Array;
  readonly values: Float64Array;
}

export interface ScalarValue {
  readonly type: 'scalar';
  /** One number a step. */
  readonly values: Float64Array;
}

export interface VectorValue {
  readonly type: 'vector';
  /** Columns without any value are left out. */
  readonly columns: readonly Column[];
}

export interface MatrixValue {
  readonly type: 'matrix';
  readonly runs: readonly SampleRun[];
  /** Length of the window, which excludes its start and includes its end. */
  readonly rangeMs: number;
  /** End of the window of each step. */
  readonly endsMs: Float64Array;
}

interface StringValue {
  readonly type: 'string';
  readonly value: string;
}

/** What a node of the tree evaluates to, over all steps at once. */
export type Value = ScalarValue | VectorValue | MatrixValue | StringValue;
