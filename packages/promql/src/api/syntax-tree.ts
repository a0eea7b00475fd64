import { functionRow } from '../functions/table.ts';
import type { BinaryExpr, Expr, TimeModifiers, VectorSelector } from '../language/ast.ts';
import { constantSeconds } from '../language/duration-expr.ts';
import { formatGoFixed } from '../language/go-number.ts';
import { isSetOperator } from '../language/operators.ts';
import { typeOf } from '../language/value-type.ts';

/**
 * A parsed query as `/api/v1/parse_query` writes it, members in the order of their names as Go does.
 *
 * Durations and times are milliseconds; a duration that only the query decides is 0.
 */
export function syntaxTree(expr: Expr): object {
  switch (expr.kind) {
    case 'number':
      return { type: 'numberLiteral', val: formatGoFixed(expr.value) };
    case 'string':
      return { type: 'stringLiteral', val: expr.value };
    case 'paren':
      return { expr: syntaxTree(expr.expr), type: 'parenExpr' };
    case 'unary':
      // A sign in front of a number is part of it.
      if (expr.expr.kind === 'number') {
        const { value } = expr.expr;
        return { type: 'numberLiteral', val: formatGoFixed(expr.operator === '-' ? -value : value) };
      }
      return { expr: syntaxTree(expr.expr), op: expr.operator, type: 'unaryExpr' };
    case 'selector':
      return { ...selectorMembers(expr), type: 'vectorSelector' };
    case 'range': {
      const { matchers, name, offset, ...rest } = selectorMembers(expr.selector);
      return { matchers, name, offset, range: milliseconds(expr.range), ...rest, type: 'matrixSelector' };
    }
    case 'subquery': {
      const { offset, startOrEnd, timestamp } = timeMembers(expr);
      const range = milliseconds(expr.range);
      const step = milliseconds(expr.step);
      return { expr: syntaxTree(expr.expr), offset, range, startOrEnd, step, timestamp, type: 'subquery' };
    }
    case 'binary':
      return {
        bool: expr.bool,
        lhs: syntaxTree(expr.left),
        matching: matchingOf(expr),
        op: expr.operator,
        rhs: syntaxTree(expr.right),
        type: 'binaryExpr',
      };
    case 'aggregate':
      return {
        expr: syntaxTree(expr.expr),
        grouping: expr.grouping?.labels ?? [],
        op: expr.operator,
        param: expr.parameter === undefined ? null : syntaxTree(expr.parameter),
        type: 'aggregation',
        without: expr.grouping?.mode === 'without',
      };
    case 'call':
    default:
      return { args: expr.args.map(syntaxTree), func: signatureOf(expr.name), type: 'call' };
  }
}

/** The name stands last among the matchers. */
function selectorMembers(selector: VectorSelector) {
  const { name = '', matchers } = selector;
  const all = name === '' ? matchers : [...matchers, { name: '__name__', operator: '=', value: name }];
  return {
    matchers: all.map((matcher) => ({ name: matcher.name, type: matcher.operator, value: matcher.value })),
    name,
    ...timeMembers(selector),
  };
}

function timeMembers({ offset, at }: TimeModifiers) {
  return {
    offset: milliseconds(offset),
    startOrEnd: typeof at === 'string' ? at : null,
    timestamp: typeof at === 'object' ? at.atMs : null,
  };
}

function milliseconds(duration: Expr | undefined): number {
  return duration === undefined ? 0 : Math.round((constantSeconds(duration) ?? 0) * 1000);
}

const CARDINALITIES = { neither: 'one-to-one', left: 'many-to-one', right: 'one-to-many' } as const;

/** Null unless both sides are vectors. */
function matchingOf({ operator, left, right, matching }: BinaryExpr): object | null {
  if (typeOf(left) !== 'vector' || typeOf(right) !== 'vector') return null;
  const { mode, labels = [], many = 'neither', include = [] } = matching ?? {};
  const card = isSetOperator(operator) ? 'many-to-many' : CARDINALITIES[many];
  return { card, include, labels, on: mode === 'on' };
}

/** `variadic` counts optional arguments, -1 for any number. */
function signatureOf(name: string): object {
  const { args = [], optional = 0, variadic = false, returns = 'vector' } = functionRow(name) ?? {};
  return { argTypes: args, name, returnType: returns, variadic: variadic ? -1 : optional };
}

/** Whether any part of a query reads series. */
export function hasSelector(expr: Expr): boolean {
  switch (expr.kind) {
    case 'selector':
    case 'range':
      return true;
    case 'paren':
    case 'unary':
    case 'subquery':
      return hasSelector(expr.expr);
    case 'binary':
      return hasSelector(expr.left) || hasSelector(expr.right);
    case 'aggregate':
      return hasSelector(expr.expr) || (expr.parameter !== undefined && hasSelector(expr.parameter));
    case 'call':
      return expr.args.some(hasSelector);
    case 'number':
    case 'string':
    default:
      return false;
  }
}
