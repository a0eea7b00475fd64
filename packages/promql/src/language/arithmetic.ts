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

/** The smaller of two, as Go has it: -Infinity wins even over NaN, unlike in `Math.min`. */
export function smaller(a: number, b: number): number {
  return a === -Infinity || b === -Infinity ? -Infinity : Math.min(a, b);
}

/** The greater of two, as Go has it: +Infinity wins even over NaN, unlike in `Math.max`. */
export function greater(a: number, b: number): number {
  return a === Infinity || b === Infinity ? Infinity : Math.max(a, b);
}
