import { withoutParens, type Expr } from '../language/ast.ts';
import { PromqlError } from '../errors.ts';
import type { Evaluation } from './evaluation.ts';
import type { Column, MatrixValue } from './value.ts';

// The type check has made sure of the types: a mismatch here is our own fault, said clearly.
function mismatch(expected: string, got: string): PromqlError {
  return new PromqlError('execution', `internal: expected ${expected}, got ${got}`);
}

/** Evaluates an operand that is an instant vector. */
export async function vectorOf(expr: Expr, evaluation: Evaluation): Promise<readonly Column[]> {
  const value = await evaluation.evaluate(expr, evaluation);
  if (value.type !== 'vector') throw mismatch('an instant vector', value.type);
  return value.columns;
}

/** Evaluates an operand that is a scalar: one number a step. */
export async function scalarOf(expr: Expr, evaluation: Evaluation): Promise<Float64Array> {
  const value = await evaluation.evaluate(expr, evaluation);
  if (value.type !== 'scalar') throw mismatch('a scalar', value.type);
  return value.values;
}

/** Evaluates an operand that is a range vector. */
export async function matrixOf(expr: Expr, evaluation: Evaluation): Promise<MatrixValue> {
  const value = await evaluation.evaluate(expr, evaluation);
  if (value.type !== 'matrix') throw mismatch('a range vector', value.type);
  return value;
}

/** The text of an operand that is a string literal. */
export function stringOf(expr: Expr | undefined): string {
  const literal = expr === undefined ? undefined : withoutParens(expr);
  if (literal?.kind !== 'string') throw mismatch('a string', literal?.kind ?? 'nothing');
  return literal.value;
}
