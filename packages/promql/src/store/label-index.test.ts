import { expect, it } from 'vitest';
import { labelSet } from '../labels/label-set.ts';
import { matcherTest } from '../labels/match.ts';
import type { LabelMatcher } from '../language/ast.ts';
import { Axis } from './axis.ts';
import { LabelIndex } from './label-index.ts';
import { StoredSeries } from './stored-series.ts';

function seriesOf(labels: Readonly<Record<string, string>>): StoredSeries {
  return new StoredSeries(labelSet(Object.entries(labels)), new Axis(), labels);
}

function found(
  index: LabelIndex,
  ...matchers: readonly Pick<LabelMatcher, 'name' | 'operator' | 'value'>[]
): string[] {
  return index
    .find(matchers.map((matcher) => matcherTest(matcher as LabelMatcher)))
    .map(({ labels }) => labels.values.join(' '));
}

const up = { name: '__name__', operator: '=', value: 'up' } as const;
const a = seriesOf({ __name__: 'up', job: 'a' });
const b = seriesOf({ __name__: 'up', job: 'b' });
const other = seriesOf({ __name__: 'down', job: 'a' });
const jobless = seriesOf({ __name__: 'up' });

function indexOf(...series: readonly StoredSeries[]): LabelIndex {
  const index = new LabelIndex();
  for (const each of series) index.add(each);
  return index;
}

it.for([
  ['an equal value', [{ name: 'job', operator: '=', value: 'a' }], ['up a', 'down a']],
  ['a value and another', [up, { name: 'job', operator: '=', value: 'a' }], ['up a']],
  ['the label absent', [up, { name: 'job', operator: '=', value: '' }], ['up']],
  ['not a value, which absence is too', [up, { name: 'job', operator: '!=', value: 'a' }], ['up b', 'up']],
  ['several values', [up, { name: 'job', operator: '=~', value: 'a|b' }], ['up a', 'up b']],
  ['a label that nobody has', [{ name: 'zone', operator: '=', value: 'x' }], []],
  ['nothing asked', [], ['up a', 'up b', 'down a', 'up']],
] as const)('finds by %s', ([, matchers, expected]) => {
  expect(found(indexOf(a, b, other, jobless), ...matchers)).toEqual(expected);
});

it('finds what came and misses what went since the same was asked before', () => {
  const index = indexOf(a, other);
  expect(found(index, up)).toEqual(['up a']);
  index.add(b);
  expect(found(index, up)).toEqual(['up a', 'up b']);
  index.remove(a);
  expect(found(index, up)).toEqual(['up b']);
});

it('takes no matcher for another whose texts join alike', () => {
  const index = indexOf(seriesOf({ a: 'b=c' }), seriesOf({ 'a=b': 'c' }));
  expect(found(index, { name: 'a', operator: '=', value: 'b=c' })).toEqual(['b=c']);
  expect(found(index, { name: 'a=b', operator: '=', value: 'c' })).toEqual(['c']);
});
