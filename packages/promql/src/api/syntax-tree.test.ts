import { expect, it } from 'vitest';
import { parse } from '../language/parse.ts';
import { syntaxTree } from './syntax-tree.ts';

const selector = (name: string): object => ({
  matchers: [{ name: '__name__', type: '=', value: name }],
  name,
  offset: 0,
  startOrEnd: null,
  timestamp: null,
  type: 'vectorSelector',
});
const number = (val: string): object => ({ type: 'numberLiteral', val });

it.for<[expr: string, tree: object, why: string]>([
  ['-1', number('-1'), 'a sign in front of a number is part of it'],
  ['1h', number('3600'), 'a duration is a number'],
  ['1e21', number('1000000000000000000000'), 'never an exponent'],
  ['Inf', number('+Inf'), 'words as Go writes them'],
  ['"a"', { type: 'stringLiteral', val: 'a' }, 'text'],
  ['-(a)', { expr: { expr: selector('a'), type: 'parenExpr' }, op: '-', type: 'unaryExpr' }, 'a real unary'],
  [
    'a{b!~"c"}[5m] offset -1m @ 2',
    {
      ...selector('a'),
      matchers: [
        { name: 'b', type: '!~', value: 'c' },
        { name: '__name__', type: '=', value: 'a' },
      ],
      offset: -60_000,
      range: 300_000,
      timestamp: 2_000,
      type: 'matrixSelector',
    },
    'times in milliseconds, the name last',
  ],
  [
    'a[1h:] @ end()',
    {
      expr: selector('a'),
      offset: 0,
      range: 3_600_000,
      startOrEnd: 'end',
      step: 0,
      timestamp: null,
      type: 'subquery',
    },
    'no step is the server’s default',
  ],
  [
    'a > bool 1',
    { bool: true, lhs: selector('a'), matching: null, op: '>', rhs: number('1'), type: 'binaryExpr' },
    'a number needs no matching',
  ],
  [
    'a and b',
    {
      bool: false,
      lhs: selector('a'),
      matching: { card: 'many-to-many', include: [], labels: [], on: false },
      op: 'and',
      rhs: selector('b'),
      type: 'binaryExpr',
    },
    'two vectors always match somehow',
  ],
  [
    'a * on(x) group_left(y) b',
    {
      bool: false,
      lhs: selector('a'),
      matching: { card: 'many-to-one', include: ['y'], labels: ['x'], on: true },
      op: '*',
      rhs: selector('b'),
      type: 'binaryExpr',
    },
    'what was written',
  ],
  [
    'topk without(x) (2, a)',
    {
      expr: selector('a'),
      grouping: ['x'],
      op: 'topk',
      param: number('2'),
      type: 'aggregation',
      without: true,
    },
    'a parameter',
  ],
  [
    'sum(a)',
    { expr: selector('a'), grouping: [], op: 'sum', param: null, type: 'aggregation', without: false },
    'no parameter, no grouping',
  ],
  [
    'label_join(a, "x", "-")',
    {
      args: [selector('a'), { type: 'stringLiteral', val: 'x' }, { type: 'stringLiteral', val: '-' }],
      func: {
        argTypes: ['vector', 'string', 'string', 'string'],
        name: 'label_join',
        returnType: 'vector',
        variadic: -1,
      },
      type: 'call',
    },
    'any number of arguments',
  ],
  [
    'round(a)',
    {
      args: [selector('a')],
      func: { argTypes: ['vector', 'scalar'], name: 'round', returnType: 'vector', variadic: 1 },
      type: 'call',
    },
    'the signature tells of the optional argument',
  ],
])('%s: %j, %s', ([expr, tree]) => {
  expect(syntaxTree(parse(expr))).toEqual(tree);
});

it('writes members in the order of their names', () => {
  const queries = [
    'sum by (x) (rate(a[5m])) / on(x) group_left() (-b offset 1m) > 2',
    'a[5m:1m] @ 1',
    'a[5m]',
  ];
  for (const query of queries) {
    JSON.stringify(syntaxTree(parse(query)), (_, value: unknown) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      expect(Object.keys(value)).toEqual(Object.keys(value).toSorted());
      return value;
    });
  }
});
