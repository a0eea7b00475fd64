import type { Expr } from '../src/language/ast.ts';

/** A tree without the places of its nodes, for comparing trees of different texts. */
export function withoutPlaces(expr: Expr): unknown {
  return JSON.parse(
    JSON.stringify(expr, (key, value: unknown) => (key === 'from' || key === 'to' ? undefined : value)),
  );
}
