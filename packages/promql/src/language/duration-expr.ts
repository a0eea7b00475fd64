import type { ArithmeticOperator, Expr } from './ast.ts';
import { ARITHMETIC } from './arithmetic.ts';

/** The longest span that Prometheus holds in its nanosecond integers. */
export const MAX_DURATION_SECONDS = 9_223_372_036;

/** What `step()` and `range()` stand for, both in seconds. */
export interface DurationScope {
  readonly stepSeconds: number;
  readonly rangeSeconds: number;
}

/** Whether the duration is written out, with at most a sign; anything else is an experimental duration expression. */
export function isPlainDuration(expr: Expr): boolean {
  return expr.kind === 'number' || (expr.kind === 'unary' && expr.expr.kind === 'number');
}

/** The value in seconds, or `undefined` when it depends on `step()` or `range()`. */
export function constantSeconds(expr: Expr): number | undefined {
  const seconds = durationSeconds(expr, { stepSeconds: Number.NaN, rangeSeconds: Number.NaN });
  return Number.isNaN(seconds) && mentionsQuery(expr) ? undefined : seconds;
}

/** The value in seconds of a duration expression within one query. */
export function durationSeconds(expr: Expr, scope: DurationScope): number {
  if (expr.kind === 'number') return expr.value;
  if (expr.kind === 'paren') return durationSeconds(expr.expr, scope);
  if (expr.kind === 'unary') {
    return durationSeconds(expr.expr, scope) * (expr.operator === '-' ? -1 : 1);
  }
  if (expr.kind === 'binary') {
    const operator = expr.operator as ArithmeticOperator;
    return ARITHMETIC[operator](durationSeconds(expr.left, scope), durationSeconds(expr.right, scope));
  }
  if (expr.kind !== 'call') return Number.NaN;
  const [first = Number.NaN, second = Number.NaN] = expr.args.map((arg) => durationSeconds(arg, scope));
  if (expr.name === 'step') return scope.stepSeconds;
  if (expr.name === 'range') return scope.rangeSeconds;
  return expr.name === 'min_of' ? Math.min(first, second) : Math.max(first, second);
}

function mentionsQuery(expr: Expr): boolean {
  if (expr.kind === 'paren' || expr.kind === 'unary') return mentionsQuery(expr.expr);
  if (expr.kind === 'binary') return mentionsQuery(expr.left) || mentionsQuery(expr.right);
  return expr.kind === 'call' && (expr.args.length === 0 || expr.args.some(mentionsQuery));
}
