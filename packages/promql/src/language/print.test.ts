import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutPlaces } from '../../test/without-places.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';

it.each([
  ['a+b', 'a + b'],
  ['sum(a)by(x)', 'sum by (x) (a)'],
  ['{"a"}', 'a'], //                              quotes only where needed
  ['{"my.metric"}', '{"my.metric"}'],
  ['{"bool"}', '{"bool"}'], //                    a reserved word
  ['{"a",__name__="b"}', '{"a",__name__="b"}'], // not a{__name__="b"}, which sets the name twice
  ['a offset 5m @ 1', 'a @ 1.000 offset 5m'],
  ['a*on(x)group_left() (b)', 'a * on (x) group_left () (b)'],
  ['"\\xff"', '"\\ufffd"'], //                    a byte that is no text
])('%s is written %s', (text, printed) => {
  expect(print(parse(text))).toBe(printed);
});

const name = fc.constantFrom('a', 'sum', 'by', 'my.metric', 'bool', 'offset', 'x:y', '"q"', '__proto__', 'ß');
const text = fc.string({ unit: 'grapheme', maxLength: 6 }).map((value) => JSON.stringify(value));
const matcher = fc
  .tuple(name, fc.constantFrom('=', '!='), text)
  .map(([label, operator, value]) => `${JSON.stringify(label)}${operator}${value}`);
const selector = fc
  .tuple(name, fc.array(matcher, { maxLength: 2 }))
  .map(([metric, matchers]) => `{${[JSON.stringify(metric), ...matchers].join(',')}}`);
const { vector } = fc.letrec<{ vector: string }>((tie) => ({
  vector: fc.oneof(
    { depthSize: 'small' },
    selector,
    selector.map((each) => `${each} offset -5m @ start()`),
    selector.map((each) => `rate(${each}[1h30m])`),
    tie('vector').map((each) => `-${each}`),
    tie('vector').map((each) => `(${each})`),
    tie('vector').map((each) => `max_over_time((${each})[5m:] @ 12.5)`),
    fc.tuple(tie('vector'), name).map(([each, label]) => `sum by (${JSON.stringify(label)}) (${each})`),
    fc
      .tuple(
        tie('vector'),
        fc.constantFrom('+', '^', 'and', 'or', '== bool', '> on(a) group_left()', 'atan2'),
        tie('vector'),
      )
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
  ),
}));

it('prints every query so that it parses back to the same tree', () => {
  fc.assert(
    fc.property(vector, (query) => {
      const tree = parse(query);
      expect(withoutPlaces(parse(print(tree)))).toEqual(withoutPlaces(tree));
    }),
    { seed: 3, numRuns: 500 },
  );
});
