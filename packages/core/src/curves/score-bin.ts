/** Scores nearer to 0 or 1 than e^-16 share the outermost bins. */
const LOGIT_LIMIT = 16;

/**
 * The bin of a probability, from 0 to `bins - 1`; a larger score is never in a lower bin.
 *
 * Half of the resolution is spread evenly over the probabilities, half evenly over their logits: classifiers put
 * most scores close to 0 and 1, where even bins would put them all into one.
 *
 * @param score - 0 to 1.
 */
export function scoreBin(score: number, bins: number): number {
  const logit = Math.log(score / (1 - score));
  const inLogits = (Math.min(LOGIT_LIMIT, Math.max(-LOGIT_LIMIT, logit)) / LOGIT_LIMIT + 1) / 2;
  return Math.min(bins - 1, Math.floor(((score + inLogits) / 2) * bins));
}
