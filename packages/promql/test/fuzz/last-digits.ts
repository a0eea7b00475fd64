import { parse, print, type Expr } from '../../src/index.ts';
import { slots } from './tree-slots.ts';

const INEXACT: ReadonlySet<string> = new Set(
  'exp ln log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh deg rad'.split(' '),
);

/**
 * The query with a little noise, a few parts in 10^16, on every power, logarithm and trigonometric function;
 * `undefined` when it has none.
 *
 * No standard fixes the last digits of these functions. A query whose answer changes under the noise has none to compare.
 */
export function withNoise(text: string): string | undefined {
  const expr = parse(text);
  const noisy = print(noised(expr));
  return noisy === print(expr) ? undefined : noisy;
}

function noised(expr: Expr): Expr {
  let result = expr;
  for (const at of slots(expr).keys()) {
    const slot = slots(result)[at];
    if (slot !== undefined) result = slot.put(noised(slot.child));
  }
  if (!isInexact(result)) return result;
  // Another error for each value, so that differences of values show it too.
  const value = print(result);
  return parse(`((${value}) * (1 + 4e-16 * (((${value}) * 1e6) % 1)))`);
}

function isInexact(expr: Expr): boolean {
  if (expr.kind === 'call') return INEXACT.has(expr.name);
  return expr.kind === 'binary' && (expr.operator === '^' || expr.operator === 'atan2');
}
