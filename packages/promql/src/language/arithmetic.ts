import type { ArithmeticOperator } from './ast.ts';

/** The arithmetic of Go: `1 ^ NaN` and `(-1) ^ Inf` are 1, unlike JavaScript's `**`. */
export const ARITHMETIC: Readonly<Record<ArithmeticOperator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': (left, right) => (left === 1 || (left === -1 && Math.abs(right) === Infinity) ? 1 : left ** right),
  atan2: (left, right) => Math.atan2(left, right),
};
