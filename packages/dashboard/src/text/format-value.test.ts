import { expect, it } from 'vitest';
import { formatValue } from './format-value.ts';

it.for([
  // value      unit          text          why the row is here
  [0.934, 'ratio', '93.4%'],
  [0, 'ratio', '0.0%'], // zero is a value
  [-0.0004, 'ratio', '0.0%'], // nothing has no sign
  [-0.021, 'ratio', '-2.1%'], // savings may be negative
  [0.0123, 'seconds', '12.3 ms'],
  [0.48, 'seconds', '480 ms'],
  [1.5, 'seconds', '1.50 s'],
  [33.24, 'seconds', '33.2 s'],
  [300, 'seconds', '5.0 min'],
  [0, 'seconds', '0 s'],
  [132.4, 'per-second', '132 /s'],
  [0.25, 'per-second', '0.25 /s'],
  [1.4, 'times', '1.40×'],
  [1234567.4, 'count', '1,234,567'], // increase extrapolates: counts are shown whole
  [-1234, 'count', '-1,234'],
  [0.43, 'hours', '0.43 h'],
  [Number.NaN, 'ratio', '—'], // never printed
  [Number.POSITIVE_INFINITY, 'seconds', '—'],
] as const)('%d as %s is %s', ([value, unit, expected]) => {
  expect(formatValue(value, unit)).toBe(expected);
});
