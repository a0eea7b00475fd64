import { parse, print, type Expr } from '../../src/index.ts';

/** Functions whose value depends on the time of the step even when every selector is fixed. */
const STEP_DEPENDENT =
  /\b(?:time|timestamp|predict_linear|days_in_month|day_of_\w+|hour|minute|month|year|start|end)\s*\(/;

/** The query with `@` on each of its outer selectors, or `undefined` when that changes its meaning. */
export function fixedAt(query: string, atMs: number): string | undefined {
  return STEP_DEPENDENT.test(query) ? undefined : print(withAt(parse(query), atMs));
}

function withAt(expr: Expr, atMs: number): Expr {
  switch (expr.kind) {
    case 'selector':
    case 'subquery':
      // What is inside a subquery follows the steps of the subquery.
      return expr.at === undefined ? { ...expr, at: { atMs } } : expr;
    case 'range':
      return expr.selector.at === undefined
        ? { ...expr, selector: { ...expr.selector, at: { atMs } } }
        : expr;
    case 'paren':
    case 'unary':
      return { ...expr, expr: withAt(expr.expr, atMs) };
    case 'aggregate': {
      const parameter = expr.parameter === undefined ? {} : { parameter: withAt(expr.parameter, atMs) };
      return { ...expr, expr: withAt(expr.expr, atMs), ...parameter };
    }
    case 'binary':
      return { ...expr, left: withAt(expr.left, atMs), right: withAt(expr.right, atMs) };
    case 'call':
      return { ...expr, args: expr.args.map((arg) => withAt(arg, atMs)) };
    case 'number':
    case 'string':
    default:
      return expr;
  }
}
