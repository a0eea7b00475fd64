import type { AggregateExpr } from '../language/ast.ts';
import { maximum, minimum } from '../functions/over-time.ts';
import { meanOf, sumOf } from '../numbers/kahan-sum.ts';
import { quantileOf } from '../numbers/quantile.ts';
import { plainVarianceOf } from '../numbers/variance.ts';
import { unsupportedError, type Evaluation } from './evaluation.ts';
import { formatQuantile } from './quantile-warning.ts';

/** One number out of the first `count` values, which are those of one group at one step; at least one. */
export type Fold = (values: Float64Array, count: number, step: number) => number;

const FOLDS: Readonly<Record<string, Fold>> = {
  sum: (values, count) => sumOf(values, 0, count),
  avg: (values, count) => meanOf(values, 0, count),
  count: (_, count) => count,
  group: () => 1,
  max: (values, count) => maximum(windowOver(values, count)),
  min: (values, count) => minimum(windowOver(values, count)),
  stdvar: (values, count) => plainVarianceOf(values, count),
  stddev: (values, count) => Math.sqrt(plainVarianceOf(values, count)),
};

/** The fold of an aggregation without a parameter, or of `quantile` with its φ of each step. */
export function foldOf(expr: AggregateExpr, phis: Float64Array | undefined, evaluation: Evaluation): Fold {
  if (expr.operator === 'quantile' && phis !== undefined) {
    for (const phi of impossibleOf(phis)) {
      evaluation.annotations.warn(formatQuantile(phi), expr.parameter ?? expr);
    }
    return (values, count, step) => quantileOf(phis[step] as number, values.slice(0, count));
  }
  const fold = Object.hasOwn(FOLDS, expr.operator) ? FOLDS[expr.operator] : undefined;
  if (fold === undefined) throw unsupportedError(evaluation, expr, `the aggregation ${expr.operator}`);
  return fold;
}

/** What Prometheus warns of, over all steps: NaN alone if there is one, otherwise the largest and the smallest. */
function impossibleOf(phis: Float64Array): readonly number[] {
  if (phis.includes(Number.NaN)) return [Number.NaN];
  let [most, least] = [0, 0];
  for (const phi of phis) {
    most = Math.max(most, phi);
    least = Math.min(least, phi);
  }
  return [...(most > 1 ? [most] : []), ...(least < 0 ? [least] : [])];
}

function windowOver(values: Float64Array, count: number): Parameters<typeof maximum>[0] {
  return { values, from: 0, to: count };
}
