import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse, print } from '../../src/index.ts';
import { engineOver } from '../../src/testing/index.ts';
import { withoutPlaces } from '../without-places.ts';
import { fixedAt } from './at-variant.ts';
import { compareAnswer } from './compare-answer.ts';
import { fixtureOf, labelKey, type FloatSuite } from './float-suite.ts';
import { readSuite } from './shared-suite.ts';

const suite = readSuite('cases-float.json') as FloatSuite | undefined;

/** A stock server takes names away at once: there the suite, written for the delayed removal, is answered otherwise. */
const EAGER_DIFFERENCES = 8;

describe.skipIf(suite === undefined)("Prometheus's float suite (needs ../shared/conformance/promql)", () => {
  const { loads, cases } = suite ?? { loads: [], cases: [] };

  async function differences(options: Parameters<typeof engineOver>[1]): Promise<readonly string[]> {
    const found: string[] = [];
    for (const each of cases) {
      const difference = await compareAnswer(each, engineOver(fixtureOf(each, loads), options));
      if (difference !== undefined) found.push(`${each.id} ${each.expr}: ${difference}`);
    }
    return found;
  }

  it('answers all 859 cases alike under delayed name removal', async () => {
    expect(cases).toHaveLength(859);
    expect(await differences({ nameRemoval: 'delayed' })).toEqual([]);
  });

  it(`answers all but ${EAGER_DIFFERENCES} alike under eager name removal`, async () => {
    const found = await differences({ nameRemoval: 'eager' });
    expect(found).toHaveLength(EAGER_DIFFERENCES);
    expect(found.filter((line) => !/name_label_dropping|malformed value/.test(line))).toEqual([]);
  });

  it('answers each instant case alike as the middle step of a range query', async () => {
    const found: string[] = [];
    for (const each of cases) {
      if (each.kind !== 'instant' || each.expect.type !== 'vector' || each.expect.ordered) continue;
      const engine = engineOver(fixtureOf(each, loads), { nameRemoval: 'delayed' });
      const { result } = (await engine.instant(each.expr, each.time)) as VectorData;
      // The steps around may fail where the middle does not.
      const range = await engine
        .range(each.expr, each.time - 60_000, each.time + 60_000, 60_000)
        .catch(() => undefined);
      if (range === undefined) continue;
      const middle = (range as MatrixData).result.flatMap(({ metric, values }) =>
        values.filter(([seconds]) => seconds === each.time / 1000).map((value) => ({ metric, value })),
      );
      const [expected, actual] = [result, middle].map((list) =>
        list.map((one) => JSON.stringify(sortKeys(one))).sort(),
      );
      if (JSON.stringify(expected) !== JSON.stringify(actual)) found.push(`${each.id} ${each.expr}`);
    }
    expect(found).toEqual([]);
  });

  it('answers each instant case alike when @ fixes it and another time asks', async () => {
    const found: string[] = [];
    for (const each of cases) {
      if (each.kind !== 'instant' || each.expect.type !== 'vector') continue;
      const fixed = fixedAt(each.expr, each.time);
      if (fixed === undefined) continue;
      const engine = engineOver(fixtureOf(each, loads), { nameRemoval: 'delayed' });
      const [now, later] = await Promise.all([
        engine.instant(each.expr, each.time),
        engine.instant(fixed, each.time + 600_000),
      ]);
      const [expected, actual] = [now, later].map((data) =>
        (data as VectorData).result
          .map(({ metric, value: [, value] }) => labelKey(metric) + value)
          .sort(compareText),
      );
      if (!isDeepStrictEqual(expected, actual)) found.push(`${each.id} ${fixed}`);
    }
    expect(found).toEqual([]);
  });

  it('prints every expression so that it parses back to the same tree', () => {
    const changed = cases.filter(({ expr }) => {
      const tree = parse(expr);
      return !isDeepStrictEqual(withoutPlaces(parse(print(tree))), withoutPlaces(tree));
    });
    expect(changed).toEqual([]);
  });
});

interface VectorData {
  readonly result: readonly { metric: Readonly<Record<string, string>>; value: readonly [number, string] }[];
}

interface MatrixData {
  readonly result: readonly {
    metric: Readonly<Record<string, string>>;
    values: readonly (readonly [number, string])[];
  }[];
}

function sortKeys({ metric, value }: VectorData['result'][number]): unknown {
  return [labelKey(metric), value];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
