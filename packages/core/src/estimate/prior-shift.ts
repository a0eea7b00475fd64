/**
 * How frequent each true class is now, from what was predicted and from the confusions of the past.
 *
 * Black-box shift estimation: with the joint shares C[i][j] of "said i, was j", the predicted shares μ now satisfy
 * C·w = μ, where w[j] is how many times more frequent class j has become. Assumes that a class looks as it always
 * did, and only its frequency changed. Negative weights are cut to 0, and the shares sum to 1.
 *
 * @param confusion - Counts by row (said) and column (true), square.
 * @param predicted - Counts of predictions now; as many as rows.
 * @returns one share per class, or `undefined` when the confusions cannot tell classes apart or nothing was predicted.
 * @see Z. Lipton, Y.-X. Wang, A. Smola, "Detecting and correcting for label shift with black box predictors"
 *   (2018), eq. 3, https://arxiv.org/abs/1802.03916
 */
export function priorShift(
  confusion: readonly (readonly number[])[],
  predicted: readonly number[],
): readonly number[] | undefined {
  const total = sum(confusion.map(sum));
  const now = sum(predicted);
  if (total === 0 || now === 0) return undefined;
  const rows = confusion.map((row, said) => [
    ...row.map((count) => count / total),
    (predicted[said] ?? 0) / now,
  ]);
  const weights = solve(rows);
  if (weights === undefined) return undefined;
  const before = confusion.map((_, truth) => sum(confusion.map((row) => row[truth] ?? 0)) / total);
  const shares = weights.map((weight, truth) => Math.max(0, weight) * (before[truth] ?? 0));
  const all = sum(shares);
  return all === 0 ? undefined : shares.map((share) => share / all);
}

/** A pivot this small, beside the largest of its column, means that the rows do not tell the classes apart. */
const SINGULAR = 1e-6;

/** Gauss's elimination with partial pivoting on an augmented matrix, which it uses up. */
function solve(rows: number[][]): number[] | undefined {
  const size = rows.length;
  const scale = Math.max(...rows.flatMap((row) => row.slice(0, size).map(Math.abs)));
  for (let column = 0; column < size; column += 1) {
    const pivot = rows
      .slice(column)
      .reduce((best, row) => (Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best));
    if (Math.abs(pivot[column] ?? 0) <= SINGULAR * scale) return undefined;
    const place = rows.indexOf(pivot);
    [rows[column], rows[place]] = [pivot, rows[column] ?? pivot];
    for (const row of rows) {
      if (row === pivot) continue;
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let at = column; at <= size; at += 1) row[at] = (row[at] ?? 0) - factor * (pivot[at] ?? 0);
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
