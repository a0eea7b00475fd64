import type { CallExpr, Expr } from '../language/ast.ts';
import { LABEL_SET_UNITS } from '../engine/budget.ts';
import { nameRemoved, newColumn, presentColumns, type Evaluation } from '../engine/evaluation.ts';
import { timeAt } from '../engine/grid.ts';
import { mergeColumns } from '../engine/merge-columns.ts';
import { scalarOf, vectorOf } from '../engine/operand.ts';
import type { Column, VectorValue } from '../engine/value.ts';
import { dropLabels, labelOf, METRIC_NAME, type LabelSet } from '../labels/label-set.ts';
import { parseGoFloat } from '../language/go-number.ts';
import { formatQuantile } from '../engine/quantile-warning.ts';
import { isQuantile } from '../numbers/quantile.ts';
import { bucketQuantile, type Bucket } from './bucket-quantile.ts';

const BUCKET_LABEL: ReadonlySet<string> = new Set(['le']);

interface Histogram {
  readonly labels: LabelSet;
  readonly nameDropped: boolean;
  /** By rising upper bound. */
  readonly buckets: { readonly upperBound: number; readonly column: Column }[];
}

/** `histogram_quantile(φ, buckets)` over classic histograms: series with a label `le`. */
export async function histogramQuantile(call: CallExpr, evaluation: Evaluation): Promise<VectorValue> {
  const [phiArg, vectorArg] = call.args as [Expr, Expr];
  const phis = await scalarOf(phiArg, evaluation);
  for (const phi of new Set(phis)) {
    if (!isQuantile(phi)) evaluation.annotations.warn(formatQuantile(phi), phiArg);
  }
  const histograms = await groupBuckets(await vectorOf(vectorArg, evaluation), vectorArg, evaluation);
  const columns: Column[] = [];
  for (const histogram of histograms) {
    columns.push(quantileColumn(histogram, phis, vectorArg, evaluation));
    if (evaluation.budget.work(histogram.buckets.length * phis.length * 8)) await evaluation.budget.pause();
  }
  return { type: 'vector', columns: mergeColumns(presentColumns(columns)) };
}

async function groupBuckets(
  columns: readonly Column[],
  vectorArg: Expr,
  { annotations, budget }: Evaluation,
): Promise<readonly Histogram[]> {
  const histograms = new Map<string, Histogram>();
  await budget.each(columns, LABEL_SET_UNITS, (column) => {
    const bound = labelOf(column.labels, 'le');
    const upperBound = parseGoFloat(bound);
    if (upperBound === undefined) {
      const name = labelOf(column.labels, METRIC_NAME);
      const metric = name === '' ? '' : ` for metric name ${JSON.stringify(name)}`;
      const problem = `bucket label "le" is missing or has a malformed value of ${JSON.stringify(bound)}`;
      annotations.warn(problem + metric, vectorArg);
      return;
    }
    const labels = dropLabels(column.labels, BUCKET_LABEL);
    const histogram = histograms.get(labels.key) ?? { labels, nameDropped: column.nameDropped, buckets: [] };
    histogram.buckets.push({ upperBound, column });
    histograms.set(labels.key, histogram);
  });
  for (const { buckets } of histograms.values()) buckets.sort((a, b) => a.upperBound - b.upperBound);
  return [...histograms.values()];
}

function quantileColumn(
  histogram: Histogram,
  phis: Float64Array,
  vectorArg: Expr,
  evaluation: Evaluation,
): Column {
  const { labels, nameDropped } = nameRemoved(evaluation, histogram.labels);
  const column = newColumn(evaluation, labels, nameDropped);
  for (const [step, phi] of phis.entries()) {
    const buckets: Bucket[] = [];
    for (const { upperBound, column: bucket } of histogram.buckets) {
      if (bucket.present[step] === 1) buckets.push({ upperBound, count: bucket.values[step] as number });
    }
    if (buckets.length === 0) continue;
    const { quantile, drop } = bucketQuantile(phi, buckets);
    column.present[step] = 1;
    column.values[step] = quantile;
    if (drop !== undefined) {
      const name = labelOf(histogram.labels, METRIC_NAME);
      const fix = { timeMs: timeAt(evaluation.grid, step), ...drop };
      evaluation.annotations.monotonicityFixed(name, fix, vectorArg);
    }
  }
  return column;
}
