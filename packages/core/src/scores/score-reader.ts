import { DOUBLE_EPSILON, SINGLE_EPSILON } from './proper-scores.ts';

/** One probability per declared class: in the order of the option `classes`, or by the name of the class. */
export type Scores = readonly number[] | Float32Array | Float64Array | Readonly<Record<string, number>>;

/** Scores in half precision do not sum to 1; beyond this they are no probabilities. */
const SUM_TOLERANCE = 0.01;

/**
 * Copies scores into `row`, one per class, scaled so that they sum to 1.
 *
 * @returns the resolution of their numbers, or 0 when they cannot be used: another length, an undeclared name, a
 *   number that is not from 0 to 1, or a sum that is more than 1 % from 1.
 */
export function readScores(scores: Scores, classes: readonly string[], row: Float64Array): number {
  const isList = Array.isArray(scores) || ArrayBuffer.isView(scores);
  if (isList ? scores.length !== classes.length : !areDeclared(scores, classes)) return 0;
  let sum = 0;
  for (let index = 0; index < classes.length; index += 1) {
    const score = isList
      ? (scores as ArrayLike<number>)[index]
      : (scores as Readonly<Record<string, number>>)[classes[index] ?? ''];
    if (typeof score !== 'number' || !(score >= 0 && score <= 1)) return 0;
    row[index] = score;
    sum += score;
  }
  if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) return 0;
  // Doubles that sum to 1 but for rounding stay as they are, to the last bit.
  if (Math.abs(sum - 1) > 1e-12) {
    for (let index = 0; index < classes.length; index += 1) row[index] = (row[index] ?? 0) / sum;
  }
  return scores instanceof Float32Array ? SINGLE_EPSILON : DOUBLE_EPSILON;
}

function areDeclared(scores: Scores, classes: readonly string[]): boolean {
  if (typeof scores !== 'object' || scores === null) return false;
  return (
    Object.keys(scores).length === classes.length && classes.every((name) => Object.hasOwn(scores, name))
  );
}
