import type { Expr } from '../../src/index.ts';

/** A place in a node where an expression stands. */
interface Slot {
  readonly child: Expr;
  /** The node with another expression in this place. */
  readonly put: (replacement: Expr) => Expr;
}

/** The places of the expressions directly below a node. */
export function slots(expr: Expr): readonly Slot[] {
  switch (expr.kind) {
    case 'paren':
    case 'unary':
    case 'subquery':
      return [{ child: expr.expr, put: (child) => ({ ...expr, expr: child }) }];
    case 'aggregate': {
      const { parameter } = expr;
      const body: Slot = { child: expr.expr, put: (child) => ({ ...expr, expr: child }) };
      if (parameter === undefined) return [body];
      return [body, { child: parameter, put: (child) => ({ ...expr, parameter: child }) }];
    }
    case 'binary':
      return [
        { child: expr.left, put: (child) => ({ ...expr, left: child }) },
        { child: expr.right, put: (child) => ({ ...expr, right: child }) },
      ];
    case 'call':
      return expr.args.map((child, at) => ({
        child,
        put: (replacement) => ({ ...expr, args: expr.args.with(at, replacement) }),
      }));
    case 'number':
    case 'string':
    case 'selector':
    case 'range':
    default:
      return [];
  }
}

/** The expressions directly below a node. */
export function children(expr: Expr): readonly Expr[] {
  return slots(expr).map(({ child }) => child);
}
