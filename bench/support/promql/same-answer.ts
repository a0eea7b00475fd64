import assert from 'node:assert/strict';

/** As far apart as two orders of adding the same floats can be. */
const TOLERANCE = 1e-9;

type Point = readonly [seconds: number, value: string];
type Answer = {
  readonly resultType: string;
  readonly result: readonly { readonly metric: object; readonly value?: Point; readonly values?: Point[] }[];
};

/**
 * The same series with the same times and values, whatever their order.
 *
 * @returns How many values were compared.
 * @throws an AssertionError that shows the difference.
 */
export function requireSameAnswer(ours: Buffer, theirs: Buffer): number {
  const [left, right] = [seriesOf(ours), seriesOf(theirs)];
  assert.deepEqual([...left.keys()], [...right.keys()]);
  let compared = 0;
  for (const [series, points] of left) {
    const others = right.get(series) ?? [];
    assert.equal(points.length, others.length, series);
    for (const [at, [seconds, value]] of points.entries()) {
      const [otherSeconds, otherValue] = others[at] as Point;
      assert.equal(seconds, otherSeconds, series);
      assert.ok(isNear(value, otherValue), `${series} at ${seconds}: ${value}, Prometheus has ${otherValue}`);
      compared += 1;
    }
  }
  assert.ok(compared > 0, 'nothing was answered');
  return compared;
}

function seriesOf(body: Buffer): Map<string, readonly Point[]> {
  const { data } = JSON.parse(body.toString()) as { data: Answer };
  const series = data.result.map(({ metric, value, values }): [string, readonly Point[]] => [
    JSON.stringify(Object.entries(metric).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    values ?? (value === undefined ? [] : [value]),
  ]);
  return new Map(series.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isNear(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [Number(a), Number(b)];
  return Math.abs(left - right) <= TOLERANCE * Math.max(Math.abs(left), Math.abs(right));
}
