import type { DriftDetector } from './drift-detector.ts';

export interface DdmOptions {
  /** Standard deviations above the best error rate so far. @defaultValue 3 */
  readonly deviations?: number;
  /** Labelled predictions before the first alarm. @defaultValue 30 */
  readonly warmUp?: number;
}

/**
 * Drift detection method: alarm when p + s > p_min + 3·s_min, with s = √(p(1 − p) / n).
 *
 * Kept because people know it: at 5 % error it alarms once in 14,000 events with no drift at all.
 *
 * @see J. Gama et al., "Learning with drift detection" (2004), §3.
 */
export function ddm({ deviations = 3, warmUp = 30 }: DdmOptions = {}): DriftDetector {
  let n = 0;
  let errors = 0;
  let best = Number.POSITIVE_INFINITY;
  let bestRate = 0;
  let bestDeviation = 0;
  return {
    name: 'ddm',
    add(isError) {
      n += 1;
      if (isError) errors += 1;
      if (n < warmUp) return false;
      const rate = errors / n;
      const deviation = Math.sqrt((rate * (1 - rate)) / n);
      if (rate + deviation <= best) {
        best = rate + deviation;
        bestRate = rate;
        bestDeviation = deviation;
      }
      if (rate + deviation <= bestRate + deviations * bestDeviation) return false;
      n = 0;
      errors = 0;
      best = Number.POSITIVE_INFINITY;
      return true;
    },
  };
}
