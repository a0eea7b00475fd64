import { expect, it } from 'vitest';
import { parseSeries, parseSteps } from './series-notation.ts';

it.for([
  ['1 2 3', [1, 2, 3]],
  ['1x2', [1, 1, 1]], // the value, and twice again
  ['1+2x3', [1, 3, 5, 7]],
  ['1-2x3', [1, -1, -3, -5]],
  ['-1+0.5x2', [-1, -0.5, 0]],
  ['_ _x2 1', [undefined, undefined, undefined, 1]],
  ['1 stale NaN Inf -Inf', [1, 'stale', Number.NaN, Infinity, -Infinity]],
  ['1e3 .5', [1000, 0.5]],
] as const)('%s', ([text, steps]) => {
  expect(parseSteps(text)).toEqual(steps);
});

it.for(['1 two', '{{schema:1}}', '1x99999999'])('refuses %s', (text) => {
  expect(() => parseSteps(text)).toThrow(/expected values|more than/);
});

it.for([
  ['up', { __name__: 'up' }],
  ['up{job="a", path="/x,y"}', { __name__: 'up', job: 'a', path: '/x,y' }],
  ['{__name__="up"}', { __name__: 'up' }],
  ['{}', {}],
] as const)('%s', ([text, labels]) => {
  expect(parseSeries(text)).toEqual(labels);
});

it.for(['', 'a b', 'up{job=~"a"}'])('refuses the series %j', (text) => {
  expect(() => parseSeries(text)).toThrow('expected');
});
