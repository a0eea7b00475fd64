import type { BinaryOperator, ComparisonOperator, SetOperator } from './ast.ts';

/**
 * Binding strength, loosest first; only `^` associates to the right.
 *
 * @see https://prometheus.io/docs/prometheus/latest/querying/operators/#binary-operator-precedence
 */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
};

/** A unary sign binds like `*`: looser than `^`, so `-1^2` is `-(1^2)`. */
export const POWER_PRECEDENCE: number = PRECEDENCE['^'];

export function precedenceOf(operator: BinaryOperator): number {
  return PRECEDENCE[operator];
}

/** The operator that a token spells, or `undefined`. */
export function asBinaryOperator(text: string): BinaryOperator | undefined {
  return Object.hasOwn(PRECEDENCE, text) ? (text as BinaryOperator) : undefined;
}

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return PRECEDENCE[operator] === 3;
}

export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return PRECEDENCE[operator] <= 2;
}
