import { ConfigError } from '../vocabulary/config-error.ts';
import type { DriftDetector } from './drift-detector.ts';

export interface EDetectorOptions {
  /** Error rate that is no drift, above 0 and below 1: 1 − `baselineAccuracy`. */
  readonly baselineError: number;
  /**
   * Labelled predictions between two false alarms, on average at least: the declared budget. From 1.
   *
   * @defaultValue 1_000_000
   */
  readonly falseAlarmEvery?: number;
}

/** How much larger the odds of an error have become, in the alternatives that are bet on. */
const ODDS_RATIOS: readonly number[] = [1.25, 1.5, 2, 3, 5, 10];

/**
 * An alarm that can be looked at after every event: with no drift it comes once in `falseAlarmEvery` labelled
 * predictions or less often, whatever the error rate below the baseline and however long it runs.
 *
 * A Shiryaev–Roberts e-detector: M ← (M + 1)·L for the likelihood ratio L of a raised error rate against the
 * baseline, averaged over six rates, with an alarm at M ≥ `falseAlarmEvery`. It needs to know the baseline;
 * {@link adwin} does not, and is slower.
 *
 * @throws {@link ConfigError} when the baseline is not a share or the budget is below 1.
 * @see J. Shin, A. Ramdas, A. Rinaldo, "E-detectors: a nonparametric framework for sequential change detection"
 *   (2022), thm. 2.4 for the false alarms, https://arxiv.org/abs/2203.03532
 */
export function eDetector({ baselineError, falseAlarmEvery = 1_000_000 }: EDetectorOptions): DriftDetector {
  if (!(baselineError > 0 && baselineError < 1)) {
    throw outOfRange('baselineError', 'a share above 0 and below 1', baselineError);
  }
  if (!(falseAlarmEvery >= 1 && Number.isFinite(falseAlarmEvery))) {
    throw outOfRange('falseAlarmEvery', 'labelled predictions from 1', falseAlarmEvery);
  }
  const odds = baselineError / (1 - baselineError);
  const raised = ODDS_RATIOS.map((ratio) => (ratio * odds) / (1 + ratio * odds));
  const onError = Float64Array.from(raised, (rate) => rate / baselineError);
  const onSuccess = Float64Array.from(raised, (rate) => (1 - rate) / (1 - baselineError));
  const bets = new Float64Array(raised.length);
  return {
    name: 'e-detector',
    add(isError) {
      const ratios = isError ? onError : onSuccess;
      let sum = 0;
      for (let place = 0; place < bets.length; place += 1) {
        const bet = ((bets[place] ?? 0) + 1) * (ratios[place] ?? 1);
        bets[place] = bet;
        sum += bet;
      }
      if (sum < falseAlarmEvery * bets.length) return false;
      bets.fill(0);
      return true;
    },
  };
}

function outOfRange(path: string, expected: string, got: number): ConfigError {
  return new ConfigError('eDetector', [
    { code: 'out-of-range', path, problem: `expected ${expected}, got ${got}` },
  ]);
}
