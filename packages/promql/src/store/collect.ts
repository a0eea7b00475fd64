import type { LabelSet } from '../labels/label-set.ts';

/** What one collect changed: the unit that is stored, written to disk and read back as a whole. */
export interface Collect {
  readonly axisId: string;
  readonly timeMs: number;
  /** The series that have a value, each once. */
  readonly series: readonly LabelSet[];
  /** As many as `series`. */
  readonly values: readonly number[];
  /** The series that got a stale mark. */
  readonly ended: readonly LabelSet[];
}
