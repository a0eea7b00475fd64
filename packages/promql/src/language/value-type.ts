import { functionRow } from '../functions/table.ts';
import type { Expr, ValueType } from './ast.ts';

/** The type of an expression that {@link check} accepted. O(depth): only one operand decides. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregate':
      return 'vector';
    case 'range':
    case 'subquery':
      return 'matrix';
    case 'paren':
    case 'unary':
      return typeOf(expr.expr);
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
    case 'call':
    default:
      return functionRow(expr.name)?.returns ?? 'vector';
  }
}

const NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

/** The type's name in the documentation of PromQL. */
export function typeName(type: ValueType): string {
  return NAMES[type];
}
