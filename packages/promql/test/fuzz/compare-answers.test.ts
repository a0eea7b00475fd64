import { expect, it } from 'vitest';
import { compareAnswers, type Answer } from './compare-answers.ts';

function vector(...samples: readonly (readonly [name: string, value: string])[]): Answer {
  const result = samples.map(([a, value]) => ({ metric: { a }, value: [1, value] as const }));
  return { data: { resultType: 'vector', result } };
}

const failed: Answer = { error: 'refused' };
const scalar: Answer = { data: { resultType: 'scalar', result: [1, '2'] } };

it.for([
  ['two failures, whatever they say', failed, { error: 'something else' }, undefined],
  ['a failure and an answer', failed, scalar, 'only ours fails'],
  ['an answer and a failure', scalar, failed, 'only theirs fails'],
  ['a scalar and a vector', scalar, vector(['x', '2']), 'type'],
  ['one part in 10^10', vector(['x', '1']), vector(['x', '1.0000000001']), undefined],
  ['one part in 10^8', vector(['x', '1']), vector(['x', '1.00000001']), 'value'],
  ['NaN and NaN', vector(['x', 'NaN']), vector(['x', 'NaN']), undefined],
  ['NaN and a number', vector(['x', 'NaN']), vector(['x', '0']), 'value'],
  ['opposite infinities', vector(['x', '+Inf']), vector(['x', '-Inf']), 'value'],
  ['an infinity and the largest number', vector(['x', '+Inf']), vector(['x', '1.7e308']), 'value'],
  ['a series more', vector(['x', '1']), vector(['x', '1'], ['y', '2']), 'series'],
  ['another order of values', vector(['x', '1'], ['y', '2']), vector(['y', '2'], ['x', '1']), 'order'],
  ['another order of equals', vector(['x', '1'], ['y', '1']), vector(['y', '1'], ['x', '1']), undefined],
] as const)('%s', ([, ours, theirs, kind]) => {
  expect(compareAnswers(ours, theirs, true)?.kind).toBe(kind);
});

it('sees a sample at another time', () => {
  const at = (seconds: number): Answer => ({
    data: { resultType: 'matrix', result: [{ metric: {}, values: [[seconds, '1']] }] },
  });
  expect(compareAnswers(at(1), at(2), false)?.kind).toBe('times');
});

it.for([
  // ours                                            theirs                                        differ  why
  [['PromQL warning: bad (1:1)'], ['PromQL warning: bad (1:7)'], false], //                                the place
  [['b', 'a'], ['a', 'b'], false], //                                                                      the order
  [['bad'], ['bad for metric name ""'], false], //                                                         an unknown name
  [['a', 'b'], ['a', '1 more warning annotations omitted'], false], //                                     cut at ten
  [['bad'], [], true],
  [[], ['bad'], true],
  [['got 2'], ['got 3'], true],
] as const)('warnings %j and %j differ: %s', ([ours, theirs, differ]) => {
  const warned = (warnings: readonly string[]): Answer => ({
    data: { resultType: 'vector', result: [], warnings },
  });
  expect(compareAnswers(warned(ours), warned(theirs), false)?.kind).toBe(differ ? 'remarks' : undefined);
});
