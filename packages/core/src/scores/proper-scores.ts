/** Rounding of the numbers that scores came in: scikit-learn clips by it. */
export const DOUBLE_EPSILON: number = 2 ** -52;
export const SINGLE_EPSILON: number = 2 ** -23;

/**
 * Natural logarithmic loss of one prediction, clipped to the resolution of its numbers: from 0 to 36.04 for
 * doubles and to 15.94 for `Float32Array`.
 *
 * @param truth - Index of the true class; one that is not among the scores had the score 0.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.log_loss.html
 */
export function logLoss(scores: ArrayLike<number>, truth: number, epsilon: number = DOUBLE_EPSILON): number {
  const own = scores[truth] ?? 0;
  return -Math.log(Math.min(1 - epsilon, Math.max(epsilon, own)));
}

/**
 * Brier score of one prediction: squared distance between the scores and the truth, 0 to 2; for two classes
 * half of it, 0 to 1, which is (y − p)².
 *
 * @param truth - Index of the true class; one that is not among the scores had the score 0.
 * @see G. W. Brier, "Verification of forecasts expressed in terms of probability" (1950); scikit-learn's
 *   `brier_score_loss` with `scale_by_half="auto"`.
 */
export function brierScore(scores: ArrayLike<number>, truth: number): number {
  let sum = truth >= 0 && truth < scores.length ? 0 : 1;
  for (let index = 0; index < scores.length; index += 1) {
    const gap = (index === truth ? 1 : 0) - (scores[index] ?? 0);
    sum += gap * gap;
  }
  return scores.length === 2 ? sum / 2 : sum;
}
