import type { ArithmeticOperator } from './ast.ts';

/** One arithmetic operation as Go computes it: `1 ^ NaN` and `(-1) ^ Inf` are 1, unlike JavaScript's `**`. */
export function arithmetic(operator: ArithmeticOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return left === 1 || (left === -1 && Math.abs(right) === Infinity) ? 1 : left ** right;
    case 'atan2':
      return Math.atan2(left, right);
  }
}
