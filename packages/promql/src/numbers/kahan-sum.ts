/**
 * A running sum with the rounding errors kept beside it. The result is `sum + compensation`.
 *
 * @see Neumaier 1974, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen"
 */
export class KahanSum {
  sum = 0;
  compensation = 0;

  add(value: number): void {
    const total = this.sum + value;
    if (!Number.isFinite(total)) this.compensation = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.compensation += this.sum - total + value;
    else this.compensation += value - total + this.sum;
    this.sum = total;
  }

  get total(): number {
    return this.sum + this.compensation;
  }
}

/** Sum of `values[from]` up to but not including `values[to]`. */
export function sumOf(values: Float64Array, from: number, to: number): number {
  const sum = new KahanSum();
  for (let at = from; at < to; at++) sum.add(values[at] as number);
  return sum.total;
}

/** Mean of a non-empty part; direct until the sum would overflow, incremental from there. */
export function meanOf(values: Float64Array, from: number, to: number): number {
  const sum = new KahanSum();
  for (let at = from; at < to; at++) {
    const { sum: before, compensation } = sum;
    sum.add(values[at] as number);
    if (Math.abs(sum.sum) === Infinity && at > from)
      return incrementalMean(values, at, to, at - from, before, compensation);
  }
  const count = to - from;
  return sum.sum / count + sum.compensation / count;
}

function incrementalMean(
  values: Float64Array,
  from: number,
  to: number,
  seen: number,
  sumBefore: number,
  compensationBefore: number,
): number {
  const mean = new KahanSum();
  mean.sum = sumBefore / seen;
  mean.compensation = compensationBefore / seen;
  let count = seen;
  for (let at = from; at < to; at++) {
    count += 1;
    const share = (count - 1) / count;
    mean.sum *= share;
    mean.compensation *= share;
    mean.add((values[at] as number) / count);
  }
  return mean.total;
}
