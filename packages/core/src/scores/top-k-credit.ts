/**
 * Who wins when classes have the same score as the true one.
 *
 * - `expected`: nobody knows, so the hit counts as its probability. Does not depend on the order of classes.
 * - `pessimistic`: the true class is the last of them.
 * - `highest-index`: the class declared last is the first of them, as in scikit-learn's `top_k_accuracy_score`.
 */
export type TopKTies = 'expected' | 'pessimistic' | 'highest-index';

/**
 * Whether the true class is among the k best, 0 to 1.
 *
 * @param scores - One score per declared class.
 * @param truth - Index of the true class; outside of the scores for a class that was not declared, which is a miss.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.top_k_accuracy_score.html
 */
export function topKCredit(scores: ArrayLike<number>, truth: number, k: number, ties: TopKTies): number {
  const own = scores[truth];
  if (own === undefined) return 0;
  let above = 0;
  let equal = 0;
  let equalAndLater = 0;
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index] ?? 0;
    if (score > own) above += 1;
    else if (score === own) {
      equal += 1;
      if (index > truth) equalAndLater += 1;
    }
  }
  if (ties === 'pessimistic') return above + equal <= k ? 1 : 0;
  if (ties === 'highest-index') return above + equalAndLater < k ? 1 : 0;
  return Math.min(1, Math.max(0, (k - above) / equal));
}
