import { expect, it } from 'vitest';
import { presentValueExpr } from './present-value.ts';

it.for([
  [
    'avg_over_time(classification_accuracy[5m]) < 0.85',
    'avg_over_time(classification_accuracy[5m])',
    'the article',
  ],
  ['sum(x > 1) > 2', 'sum(x > 1)', 'only the outer comparison'],
  ['x{a="b < 1"} >= 1e3', 'x{a="b < 1"}', 'a comparison inside a text is none'],
  ['a / b > -0.5', 'a / b', 'arithmetic binds tighter'],
  ['a > 1 and b > 2', undefined, 'set operators: not known'],
  ['a > b', undefined, 'not against a number'],
  ['a > bool 1', undefined, 'bool filters nothing'],
  ['1 < a', undefined, 'the number on the left'],
  ['a > 1 > 0', undefined, 'two comparisons'],
  ['a # > 1', undefined, 'comments'],
] as const)('%s asks for %s (%s)', ([expr, present]) => {
  expect(presentValueExpr(expr)).toBe(present);
});
