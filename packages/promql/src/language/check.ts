import { nearestName } from '@tidewatch/core';
import { functionNames, functionRow } from '../functions/table.ts';
import { withoutParens } from './ast.ts';
import type { AggregateExpr, BinaryExpr, CallExpr, Expr, ValueType } from './ast.ts';
import { aggregationParameter } from './keywords.ts';
import { isComparison, isSetOperator } from './operators.ts';
import { ParseError } from './parse-error.ts';
import { typeName } from './value-type.ts';

/**
 * Checks types, arities and forbidden combinations, and answers the type of the whole.
 *
 * @throws {@link ParseError} at the first fault.
 */
export function check(expr: Expr, text: string): ValueType {
  const fail = (at: Expr, problem: string): never => {
    throw new ParseError(text, at.from, problem);
  };
  const typeOf = (node: Expr): ValueType => {
    switch (node.kind) {
      case 'number':
        return 'scalar';
      case 'string':
        return 'string';
      case 'paren':
        return typeOf(node.expr);
      case 'selector':
        return 'vector';
      case 'range':
        return 'matrix';
      case 'subquery': {
        const type = typeOf(node.expr);
        const got = type === 'matrix' ? 'matrix' : typeName(type);
        if (type !== 'vector') fail(node, `subquery is only allowed on instant vector, got ${got} instead`);
        return 'matrix';
      }
      case 'unary': {
        const type = typeOf(node.expr);
        if (type === 'scalar' || type === 'vector') return type;
        const allowed = 'unary expression only allowed on expressions of type scalar or instant vector';
        return fail(node, `${allowed}, got "${typeName(type)}"`);
      }
      case 'binary':
        return checkBinary(node, typeOf(node.left), typeOf(node.right), { text, fail });
      case 'aggregate':
        return checkAggregate(node, typeOf, fail);
      case 'call':
      default:
        return checkCall(node, typeOf, fail);
    }
  };
  return typeOf(expr);
}

type Fail = (at: Expr, problem: string) => never;

function checkBinary(
  node: BinaryExpr,
  left: ValueType,
  right: ValueType,
  { text, fail }: { readonly text: string; readonly fail: Fail },
): ValueType {
  const { operator, matching } = node;
  const failAtOperator = (problem: string): never => {
    throw new ParseError(text, operatorPlace(node, text), problem);
  };
  const bothVectors = left === 'vector' && right === 'vector';
  if (node.bool && !isComparison(operator)) {
    failAtOperator('bool modifier can only be used on comparison operators');
  }
  if (isComparison(operator) && !node.bool && left === 'scalar' && right === 'scalar') {
    failAtOperator('comparisons between scalars must use BOOL modifier');
  }
  if (matching?.mode === 'on') {
    const twice = matching.labels.find((label) => matching.include.includes(label));
    if (twice !== undefined) failAtOperator(`label "${twice}" must not occur in ON and GROUP clause at once`);
  }
  const areOperands = [left, right].every((type) => type === 'scalar' || type === 'vector');
  if (!areOperands) fail(node, 'binary expression must contain only scalar and instant vector types');
  if (matching !== undefined && !bothVectors) {
    fail(node, 'vector matching only allowed between instant vectors');
  }
  if (isSetOperator(operator)) {
    if (!bothVectors) fail(node, `set operator "${operator}" not allowed in binary scalar expression`);
    if (matching !== undefined && matching.many !== 'neither') {
      fail(node, `no grouping allowed for "${operator}" operation`);
    }
  }
  return left === 'scalar' && right === 'scalar' ? 'scalar' : 'vector';
}

/** Where the operator stands: the first character behind the left side. */
function operatorPlace({ left, right }: BinaryExpr, text: string): number {
  const space = /^\s*/.exec(text.slice(left.to, right.from))?.[0].length ?? 0;
  return left.to + space;
}

function checkAggregate(node: AggregateExpr, typeOf: (expr: Expr) => ValueType, fail: Fail): ValueType {
  const type = typeOf(node.expr);
  if (type !== 'vector') {
    fail(node.expr, `expected type instant vector in aggregation expression, got ${typeName(type)}`);
  }
  const expected = aggregationParameter(node.operator);
  if (node.parameter !== undefined && expected !== undefined && expected !== 'none') {
    const parameter = typeOf(node.parameter);
    if (parameter !== expected) {
      const got = typeName(parameter);
      fail(node.parameter, `expected type ${expected} in aggregation parameter, got ${got}`);
    }
  }
  return 'vector';
}

function checkCall(node: CallExpr, typeOf: (expr: Expr) => ValueType, fail: Fail): ValueType {
  const row = functionRow(node.name);
  if (row === undefined) {
    const near = nearestName(node.name, functionNames());
    const remedy = near === undefined ? '' : `, did you mean "${near}"?`;
    return fail(node, `unknown function with name "${node.name}"${remedy}`);
  }
  const { args: types, optional = 0, variadic = false, returns } = row;
  const least = types.length - (variadic ? 1 : optional);
  const got = node.args.length;
  const call = `argument(s) in call to "${node.name}", got ${got}`;
  if (optional === 0 && !variadic && got !== types.length) fail(node, `expected ${types.length} ${call}`);
  if (got < least) fail(node, `expected at least ${least} ${call}`);
  if (!variadic && got > types.length) fail(node, `expected at most ${types.length} ${call}`);
  for (const [at, arg] of node.args.entries()) {
    const expected = types[Math.min(at, types.length - 1)];
    const type = typeOf(arg);
    if (expected !== undefined && type !== expected) {
      const names = `expected type ${typeName(expected)} in call to function "${node.name}"`;
      fail(arg, `${names}, got ${typeName(type)}`);
    }
  }
  const second = node.args[1];
  if (node.name === 'info' && second !== undefined) checkInfoSelector(withoutParens(second), fail);
  return returns;
}

/** The second argument of `info()` is a list of matchers, not a query. */
function checkInfoSelector(expr: Expr, fail: Fail): void {
  if (expr.kind !== 'selector') fail(expr, 'expected label selectors only');
  else if (expr.name !== undefined) fail(expr, 'expected label selectors only, got vector selector instead');
}
