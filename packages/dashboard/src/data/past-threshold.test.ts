import { expect, it } from 'vitest';
import { pastThreshold } from './past-threshold.ts';

it.for([
  // value  limit  bad      past   why the row is here
  [0.84, 0.85, 'below', true],
  [0.85, 0.85, 'below', false], // the limit itself is good: rules say < and >
  [0.5, 0.5, 'above', false],
  [0.51, 0.5, 'above', true],
  [Number.NaN, 0.5, 'above', false], // unknown is not past
  [Number.NaN, 0.5, 'below', false],
] as const)('%d against %d, bad %s: %s', ([value, limit, bad, isPast]) => {
  expect(pastThreshold(value, [{ value: limit, bad }]) !== undefined).toBe(isPast);
});
