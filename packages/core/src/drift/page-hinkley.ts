import type { DriftDetector } from './drift-detector.ts';

export interface PageHinkleyOptions {
  /** Alarm at this sum of excess errors. @defaultValue 50 */
  readonly threshold?: number;
  /** Rise of the error rate that is not worth an alarm, 0 to 1. @defaultValue 0.005 */
  readonly tolerance?: number;
  /** Share of the past that is remembered at each event, above 0 and up to 1. @defaultValue 0.9999 */
  readonly memory?: number;
  /** Labelled predictions before the first alarm. @defaultValue 30 */
  readonly warmUp?: number;
}

/**
 * Page's cumulative sum of errors above their running mean: S ← max(0, a·S + x − mean − δ), alarm at S ≥ λ.
 *
 * Kept because people know it. Its false alarms depend on the error rate; {@link eDetector} declares them.
 *
 * @see E. S. Page, "Continuous inspection schemes" (1954); D. V. Hinkley (1971).
 */
export function pageHinkley({
  threshold = 50,
  tolerance = 0.005,
  memory = 0.9999,
  warmUp = 30,
}: PageHinkleyOptions = {}): DriftDetector {
  let n = 0;
  let errors = 0;
  let sum = 0;
  return {
    name: 'page-hinkley',
    add(isError) {
      n += 1;
      if (isError) errors += 1;
      sum = Math.max(0, memory * sum + (isError ? 1 : 0) - errors / n - tolerance);
      if (n < warmUp || sum < threshold) return false;
      n = 0;
      errors = 0;
      sum = 0;
      return true;
    },
  };
}
