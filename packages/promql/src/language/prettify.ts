import { compareBytes } from '../labels/byte-order.ts';
import type { Expr, NumberLiteral, VectorSelector } from './ast.ts';
import { formatGoFixed } from './go-number.ts';
import { print, printCallee, printMatcher, printOperator, printSubqueryTimes } from './print.ts';

/** Longer parts of a query are broken into lines. */
const MAX_LINE_BYTES = 100;

/**
 * A query over several lines where it is long, matchers in the order of their text and numbers in plain digits, as
 * `/api/v1/format_query` of Prometheus writes it.
 */
export function prettify(expr: Expr): string {
  return pretty(normalize(expr), 0);
}

function pretty(expr: Expr, level: number): string {
  const indent = '  '.repeat(level);
  const line = print(expr);
  const isLong = Buffer.byteLength(line) > MAX_LINE_BYTES;
  switch (expr.kind) {
    case 'unary':
      return indent + expr.operator + pretty(expr.expr, level).trim();
    case 'subquery':
      return isLong ? pretty(expr.expr, level) + printSubqueryTimes(expr) : line;
    case 'paren':
      return isLong ? `${indent}(\n${pretty(expr.expr, level + 1)}\n${indent})` : indent + line;
    case 'binary': {
      if (!isLong) return indent + line;
      const [left, right] = [pretty(expr.left, level + 1), pretty(expr.right, level + 1)];
      return `${left}\n${indent}${printOperator(expr)}\n${right}`;
    }
    case 'aggregate':
    case 'call': {
      const args =
        expr.kind === 'call' ? expr.args : [...(expr.parameter ? [expr.parameter] : []), expr.expr];
      if (!isLong || args.length === 0) return indent + line;
      const lines = args.map((arg) => pretty(arg, level + 1)).join(',\n');
      return `${indent}${printCallee(expr)}(\n${lines}\n${indent})`;
    }
    case 'number':
    case 'string':
    case 'selector':
    case 'range':
    default:
      return indent + line;
  }
}

/** Matchers sorted, numbers written out. */
function normalize(expr: Expr): Expr {
  switch (expr.kind) {
    case 'number':
      return { ...expr, text: isDuration(expr) ? durationText(expr.value) : formatGoFixed(expr.value) };
    case 'selector':
      return normalizeSelector(expr);
    case 'range':
      return { ...expr, selector: normalizeSelector(expr.selector), range: asDuration(expr.range) };
    case 'subquery':
      return {
        ...expr,
        expr: normalize(expr.expr),
        range: asDuration(expr.range),
        ...(expr.step && { step: asDuration(expr.step) }),
        ...(expr.offset && { offset: asDuration(expr.offset) }),
      };
    case 'unary': {
      // A sign in front of a number is part of it.
      const { operator, expr: operand } = expr;
      if (operand.kind !== 'number') return { ...expr, expr: normalize(operand) };
      const value = operator === '-' ? -operand.value : operand.value;
      if (!isDuration(operand)) return { ...operand, value, text: formatGoFixed(value) };
      return { ...operand, value, text: (operator === '-' ? '-' : '') + durationText(operand.value) };
    }
    case 'paren':
      return { ...expr, expr: normalize(expr.expr) };
    case 'binary':
      return { ...expr, left: normalize(expr.left), right: normalize(expr.right) };
    case 'aggregate': {
      const parameter = expr.parameter && normalize(expr.parameter);
      return { ...expr, expr: normalize(expr.expr), ...(parameter && { parameter }) };
    }
    case 'call':
      return { ...expr, args: expr.args.map(normalize) };
    case 'string':
    default:
      return expr;
  }
}

function isDuration({ text }: NumberLiteral): boolean {
  return /^\d.*[smhdwy]$/.test(text);
}

function normalizeSelector(selector: VectorSelector): VectorSelector {
  const matchers = selector.matchers.toSorted((a, b) => compareBytes(printMatcher(a), printMatcher(b)));
  return { ...selector, matchers, ...(selector.offset && { offset: asDuration(selector.offset) }) };
}

/** What stands for a span of time is written as one, whether it was a number or not. */
function asDuration(expr: Expr): Expr {
  if (expr.kind === 'number') return { ...expr, text: durationText(expr.value) };
  if (expr.kind === 'unary' && expr.expr.kind === 'number') {
    return expr.operator === '+' ? asDuration(expr.expr) : { ...expr, expr: asDuration(expr.expr) };
  }
  return normalize(expr);
}

/** Milliseconds of the units of a duration; weeks and years only where nothing is left over. */
const UNITS: readonly (readonly [unit: string, ms: number, isExact: boolean])[] = [
  ['y', 365 * 86_400_000, true],
  ['w', 7 * 86_400_000, true],
  ['d', 86_400_000, false],
  ['h', 3_600_000, false],
  ['m', 60_000, false],
  ['s', 1_000, false],
  ['ms', 1, false],
];

function durationText(seconds: number): string {
  let rest = Math.round(seconds * 1000);
  if (rest === 0) return '0s';
  let text = '';
  for (const [unit, ms, isExact] of UNITS) {
    if (isExact && rest % ms !== 0) continue;
    const count = Math.floor(rest / ms);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * ms;
  }
  return text;
}
