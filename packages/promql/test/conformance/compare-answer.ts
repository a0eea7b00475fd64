import type { FixtureEngine } from '../../src/testing/index.ts';
import type { HttpData } from '../../src/api/http-data.ts';
import { expand, labelKey, toNumber, type Expectation, type FloatCase, type Remark } from './float-suite.ts';

/** How the engine's answer differs from what the case expects; `undefined` when it does not. */
export async function compareAnswer(each: FloatCase, engine: FixtureEngine): Promise<string | undefined> {
  const { expect } = each;
  let data: HttpData;
  try {
    data =
      each.kind === 'instant'
        ? await engine.instant(each.expr, each.time)
        : await engine.range(each.expr, each.start, each.end, each.step);
  } catch (error) {
    const { message } = error as Error;
    if (expect.type !== 'fail') return `failed: ${message}`;
    return message.includes(expect.fail?.msg ?? '') ? undefined : `failed otherwise: ${message}`;
  }
  if (expect.type === 'fail') return 'did not fail';
  return compareRemarks(data, expect) ?? compareResult(data, each);
}

function compareRemarks({ warnings = [], infos = [] }: HttpData, expect: Expectation): string | undefined {
  if (expect.noWarn === true && warnings.length > 0) return `unwanted warning: ${warnings.join()}`;
  if (expect.noInfo === true && infos.length > 0) return `unwanted info: ${infos.join()}`;
  for (const wanted of expect.warn) {
    if (!warnings.some((remark) => fits(remark, wanted))) return `missing warning: ${JSON.stringify(wanted)}`;
  }
  for (const wanted of expect.info) {
    if (!infos.some((remark) => fits(remark, wanted))) return `missing info: ${JSON.stringify(wanted)}`;
  }
  return undefined;
}

function fits(remark: string, { msg, regex }: Remark): boolean {
  if (msg !== undefined) return remark.includes(msg);
  return regex === undefined || new RegExp(regex).test(remark);
}

function compareResult(data: HttpData, each: FloatCase): string | undefined {
  const { expect } = each;
  const { resultType } = data;
  if (expect.type === 'scalar' || expect.type === 'string') {
    if (resultType !== expect.type) return `is a ${resultType}`;
    const [, value] = data.result;
    const same =
      expect.type === 'string'
        ? value === expect.string
        : almostEqual(toNumber(value), toNumber(expect.value));
    return same ? undefined : `is ${value}`;
  }
  if (expect.type === 'vector') {
    if (resultType !== 'vector') return `is a ${resultType}`;
    const actual = data.result.map(({ metric, value: [, value] }) => ({
      key: labelKey(metric),
      points: [[0, value] as const],
    }));
    const wanted = expect.series.map(({ labels, points }) => ({
      key: labelKey(labels),
      points: numbered(points, 0, 0),
    }));
    if (expect.ordered && actual.some(({ key }, at) => key !== wanted[at]?.key)) return 'in another order';
    return comparePoints(actual, wanted);
  }
  if (resultType !== 'matrix') return `is a ${resultType}`;
  const actual = data.result.map(({ metric, values }) => ({
    key: labelKey(metric),
    points: values.map(([seconds, value]) => [Math.round(seconds * 1000), value] as const),
  }));
  const [start, step] =
    each.kind === 'range' ? [each.start, each.step] : [expect.rv?.from ?? 0, expect.rv?.step ?? 0];
  const wanted = expect.series
    .map(({ labels, points }) => ({ key: labelKey(labels), points: numbered(points, start, step) }))
    .filter(({ points }) => points.length > 0);
  return comparePoints(actual, wanted);
}

type Points = readonly (readonly [timeMs: number, value: string | number])[];

function numbered(points: Expectation['series'][number]['points'], start: number, step: number): Points {
  return expand(points)
    .map((value, at) => [start + at * step, value] as const)
    .filter(([, value]) => value !== 'gap');
}

function comparePoints(
  actual: readonly { key: string; points: Points }[],
  wanted: readonly { key: string; points: Points }[],
): string | undefined {
  const byKey = new Map(actual.map(({ key, points }) => [key, points]));
  if (byKey.size !== actual.length) return 'has a series twice';
  if (actual.length !== wanted.length) return `has ${actual.length} series, wanted ${wanted.length}`;
  for (const { key, points } of wanted) {
    const got = byKey.get(key);
    if (got?.length !== points.length)
      return `${key} has ${got?.length ?? 'no'} points, wanted ${points.length}`;
    for (const [at, [timeMs, value]] of points.entries()) {
      const [gotMs, gotValue] = got[at] ?? [Number.NaN, Number.NaN];
      if (gotMs !== timeMs) return `${key} stands at ${gotMs}, wanted ${timeMs}`;
      if (!almostEqual(toNumber(gotValue), toNumber(value))) return `${key} is ${gotValue}, wanted ${value}`;
    }
  }
  return undefined;
}

/** The suite's rule: relative difference below one millionth; NaN equals NaN. */
function almostEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (a === b) return true;
  const difference = Math.abs(a - b);
  const size = Math.abs(a) + Math.abs(b);
  const smallest = 2.225_073_858_507_201_4e-308;
  if (a === 0 || b === 0 || size < smallest) return difference < 1e-6 * smallest;
  return difference / Math.min(size, Number.MAX_VALUE) < 1e-6;
}
