import type { BinaryOperator, Expr } from './ast.ts';
import { constantSeconds, isPlainDuration, MAX_DURATION_SECONDS } from './duration-expr.ts';
import { asBinaryOperator, POWER_PRECEDENCE, precedenceOf } from './operators.ts';
import { parseNumber } from './parse-number.ts';
import type { TokenReader } from './token-reader.ts';

const EXPECTED = 'number, duration, step(), or range()';

/** What stands in brackets: a positive duration or number of seconds, or arithmetic over them. */
export function parseDurationExpr(reader: TokenReader, context: string): Expr {
  if (reader.peek().kind === 'string') {
    throw reader.error(`unexpected character in duration expression: '"'`);
  }
  const expr = parseArithmetic(reader, precedenceOf('+'), context);
  rejectConstant(reader, expr, (seconds) => (seconds > 0 ? undefined : 'duration must be greater than 0'));
  return expr;
}

/**
 * What follows `offset`: one signed operand. `foo offset 5s-8` is `(foo offset 5s) - 8`.
 */
export function parseOffset(reader: TokenReader): Expr {
  const token = reader.peek();
  let expr: Expr;
  if (token.kind === 'symbol' && (token.text === '-' || token.text === '+')) {
    reader.next();
    const operand = parseOperand(reader, 'offset');
    expr = { kind: 'unary', operator: token.text, expr: operand, from: token.from, to: operand.to };
  } else {
    expr = parseOperand(reader, 'offset');
  }
  rejectConstant(reader, expr, () => undefined);
  return expr;
}

/** Only what is written out is judged here; what arithmetic yields is judged when it is evaluated. */
function rejectConstant(
  reader: TokenReader,
  expr: Expr,
  problemOf: (seconds: number) => string | undefined,
): void {
  const seconds = isPlainDuration(expr) ? constantSeconds(expr) : undefined;
  if (seconds === undefined) return;
  const isOutOfRange = !(Math.abs(seconds) <= MAX_DURATION_SECONDS);
  const problem = isOutOfRange ? 'duration out of range' : problemOf(seconds);
  if (problem !== undefined) throw reader.errorAt(expr.from, problem);
}

function parseArithmetic(reader: TokenReader, loosest: number, context: string): Expr {
  reader.enter();
  let left = parseSigned(reader, context);
  for (;;) {
    const token = reader.peek();
    const operator = token.kind === 'symbol' ? asBinaryOperator(token.text) : undefined;
    if (operator === undefined || precedenceOf(operator) < loosest) break;
    reader.next();
    reader.countOperator();
    const nextLoosest = precedenceOf(operator) + (operator === '^' ? 0 : 1);
    const right = parseArithmetic(reader, nextLoosest, context);
    rejectZero(reader, operator, right, token.from);
    left = { kind: 'binary', operator, left, right, bool: false, from: left.from, to: right.to };
  }
  reader.leave();
  return left;
}

function rejectZero(reader: TokenReader, operator: BinaryOperator, right: Expr, at: number): void {
  if ((operator !== '/' && operator !== '%') || constantSeconds(right) !== 0) return;
  throw reader.errorAt(at, operator === '/' ? 'division by zero' : 'modulo by zero');
}

function parseSigned(reader: TokenReader, context: string): Expr {
  const token = reader.peek();
  if (token.kind !== 'symbol' || (token.text !== '-' && token.text !== '+')) {
    return parseOperand(reader, context);
  }
  reader.next();
  const expr = parseArithmetic(reader, POWER_PRECEDENCE, context);
  return { kind: 'unary', operator: token.text, expr, from: token.from, to: expr.to };
}

function parseOperand(reader: TokenReader, context: string): Expr {
  const token = reader.peek();
  if (reader.skipSymbol('(')) {
    const expr = parseArithmetic(reader, precedenceOf('+'), context);
    return { kind: 'paren', expr, from: token.from, to: reader.closeParen().to };
  }
  const number = parseNumber(reader);
  if (number !== undefined) return number;
  const name = token.text.toLowerCase();
  const arity = { step: 0, range: 0, min_of: 2, max_of: 2 }[name];
  if (token.kind !== 'word' || arity === undefined) throw reader.unexpected(context, EXPECTED);
  reader.next();
  if (!reader.isSymbol('(')) throw reader.unexpected(context, EXPECTED);
  reader.next();
  const args: Expr[] = [];
  for (let argument = 0; argument < arity; argument++) {
    if (argument > 0) reader.expectSymbol(',', context);
    args.push(parseArithmetic(reader, precedenceOf('+'), context));
  }
  return { kind: 'call', name, args, from: token.from, to: reader.closeParen().to };
}
