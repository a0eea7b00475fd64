import type {
  AtModifier,
  BinaryExpr,
  BinaryOperator,
  Expr,
  Grouping,
  TimeModifiers,
  VectorMatching,
  VectorSelector,
} from './ast.ts';
import { withoutParens } from './ast.ts';
import { check } from './check.ts';
import { aggregationParameter, mayNameMetric } from './keywords.ts';
import { asBinaryOperator, POWER_PRECEDENCE, precedenceOf } from './operators.ts';
import { parseDurationExpr, parseOffset } from './parse-duration-expr.ts';
import { parseLabelList, parseMatchers } from './parse-labels.ts';
import { parseNumber } from './parse-number.ts';
import { TokenReader } from './token-reader.ts';

/**
 * Parses and type-checks a PromQL expression.
 *
 * Precedence climbing; `[…]`, `offset` and `@` bind tightest, a sign looser than `^`.
 *
 * @throws {@link ParseError} naming line, column and fault.
 */
export function parse(text: string): Expr {
  const reader = new TokenReader(text);
  if (reader.peek().kind === 'end') throw reader.error('no expression found in input');
  const expr = parseBinary(reader, 1);
  if (reader.peek().kind !== 'end') throw reader.unexpected();
  check(expr, text);
  return expr;
}

/**
 * Parses a selector without range or modifiers, such as `up{job="api"}`; it may select everything.
 *
 * @throws {@link ParseError} for any other text.
 */
export function parseMetricSelector(text: string): VectorSelector {
  const reader = new TokenReader(text);
  const { kind } = reader.peek();
  if (kind !== 'word' && kind !== 'metric' && !reader.isSymbol('{')) throw reader.unexpected();
  const { selector } = parseSelector(reader);
  if (reader.peek().kind !== 'end') throw reader.unexpected();
  return selector;
}

function parseBinary(reader: TokenReader, loosest: number): Expr {
  reader.enter();
  let left = parseUnary(reader);
  for (;;) {
    const token = reader.peek();
    const operator = token.kind === 'string' ? undefined : asBinaryOperator(token.text.toLowerCase());
    if (operator === undefined || precedenceOf(operator) < loosest) break;
    reader.next();
    reader.countOperator();
    rejectTrim(reader, operator);
    const modifiers = parseBinaryModifiers(reader);
    const isRight = operator === '^';
    const right = parseBinary(reader, precedenceOf(operator) + (isRight ? 0 : 1));
    left = { kind: 'binary', operator, left, right, ...modifiers, from: left.from, to: right.to };
  }
  reader.leave();
  return left;
}

/** `</` and `>/` cut native histograms. */
function rejectTrim(reader: TokenReader, operator: BinaryOperator): void {
  if ((operator === '<' || operator === '>') && reader.isSymbol('/')) {
    throw reader.unsupported(`the histogram trim operator ${operator}/`);
  }
}

function parseBinaryModifiers(reader: TokenReader): Pick<BinaryExpr, 'bool' | 'matching'> {
  const bool = reader.skipWord('bool');
  const mode = reader.skipWord('on') ? 'on' : reader.skipWord('ignoring') ? 'ignoring' : undefined;
  if (mode === undefined) {
    rejectFill(reader);
    return { bool };
  }
  const labels = parseLabelList(reader);
  let many: VectorMatching['many'] = 'neither';
  let include: readonly string[] = [];
  if (reader.skipWord('group_left')) many = 'left';
  else if (reader.skipWord('group_right')) many = 'right';
  if (many !== 'neither' && reader.isSymbol('(')) include = parseLabelList(reader);
  rejectFill(reader);
  return { bool, matching: { mode, labels, many, include } };
}

function rejectFill(reader: TokenReader): void {
  for (const word of ['fill', 'fill_left', 'fill_right']) {
    if (reader.isWord(word) && reader.isSymbol('(', 1)) throw reader.unsupported(`the modifier ${word}()`);
  }
}

function parseUnary(reader: TokenReader): Expr {
  const token = reader.peek();
  if (token.kind !== 'symbol' || (token.text !== '-' && token.text !== '+')) {
    return parsePostfix(reader, parsePrimary(reader));
  }
  reader.next();
  reader.enter();
  const expr = parseBinary(reader, POWER_PRECEDENCE);
  reader.leave();
  return { kind: 'unary', operator: token.text, expr, from: token.from, to: expr.to };
}

function parsePrimary(reader: TokenReader): Expr {
  const token = reader.peek();
  const { from, to } = token;
  if (token.kind === 'string') {
    reader.next();
    return { kind: 'string', value: token.text, from, to };
  }
  if (token.kind === 'symbol' && token.text === '(') {
    reader.next();
    const expr = parseBinary(reader, 1);
    return { kind: 'paren', expr, from, to: reader.closeParen().to };
  }
  if (token.kind === 'symbol' && token.text === '{') return parseNonEmptySelector(reader);
  const number = parseNumber(reader);
  if (number !== undefined) return number;
  const word = token.text.toLowerCase();
  if (token.kind === 'word') {
    const isAggregation = aggregationParameter(word) !== undefined;
    const isGrouped = reader.isWord('by', 1) || reader.isWord('without', 1);
    if (isAggregation && (reader.isSymbol('(', 1) || isGrouped)) return parseAggregate(reader, word);
    if (reader.isSymbol('(', 1) && mayNameMetric(word)) return parseCall(reader);
  }
  const isName = token.kind === 'metric' || (token.kind === 'word' && mayNameMetric(word));
  if (!isName) throw reader.unexpected();
  return parseNonEmptySelector(reader);
}

/** A query must not read every series by mistake. */
function parseNonEmptySelector(reader: TokenReader): VectorSelector {
  const { selector, acceptsEmpty } = parseSelector(reader);
  if (!acceptsEmpty) return selector;
  throw reader.errorAt(selector.from, 'vector selector must contain at least one non-empty matcher');
}

function parseSelector(reader: TokenReader): {
  readonly selector: VectorSelector;
  readonly acceptsEmpty: boolean;
} {
  const { kind, from, to: end } = reader.peek();
  const written = kind === 'symbol' ? undefined : reader.next().text;
  if (written !== undefined && !reader.isSymbol('{')) {
    return {
      selector: { kind: 'selector', name: written, matchers: [], from, to: end },
      acceptsEmpty: false,
    };
  }
  const { name, matchers, acceptsEmpty, to } = parseMatchers(reader, written);
  const named = name === undefined ? {} : { name };
  return { selector: { kind: 'selector', ...named, matchers, from, to }, acceptsEmpty };
}

function parseAggregate(reader: TokenReader, operator: string): Expr {
  const { from } = reader.next();
  let grouping = parseGrouping(reader);
  if (!reader.isSymbol('(')) throw reader.unexpected('aggregation', '"("');
  const { args, to } = parseArguments(reader);
  let end = to;
  if (grouping === undefined) {
    grouping = parseGrouping(reader);
    if (grouping !== undefined) end = reader.previous().to;
  }
  const expected = aggregationParameter(operator) === 'none' ? 1 : 2;
  const expr = args.at(-1);
  if (expr === undefined) {
    throw reader.errorAt(from, 'no arguments for aggregate expression provided');
  }
  if (args.length !== expected) {
    const counts = `expected ${expected}, got ${args.length}`;
    throw reader.errorAt(from, `wrong number of arguments for aggregate expression provided, ${counts}`);
  }
  const parameter = expected === 2 ? args[0] : undefined;
  return {
    kind: 'aggregate',
    operator,
    expr,
    ...(parameter === undefined ? {} : { parameter }),
    ...(grouping === undefined ? {} : { grouping }),
    from,
    to: end,
  };
}

function parseGrouping(reader: TokenReader): Grouping | undefined {
  const mode = reader.skipWord('by') ? 'by' : reader.skipWord('without') ? 'without' : undefined;
  return mode === undefined ? undefined : { mode, labels: parseLabelList(reader) };
}

function parseCall(reader: TokenReader): Expr {
  const { text: name, from } = reader.next();
  const { args, to } = parseArguments(reader);
  return { kind: 'call', name, args, from, to };
}

function parseArguments(reader: TokenReader): { readonly args: readonly Expr[]; readonly to: number } {
  reader.expectSymbol('(', 'function call');
  const args: Expr[] = [];
  while (!reader.isSymbol(')')) {
    args.push(parseBinary(reader, 1));
    if (!reader.skipSymbol(',')) break;
    if (reader.isSymbol(')')) throw reader.error('trailing commas not allowed in function call args');
  }
  return { args, to: reader.closeParen().to };
}

function parsePostfix(reader: TokenReader, primary: Expr): Expr {
  let expr = primary;
  for (;;) {
    if (reader.isSymbol('[')) expr = parseBrackets(reader, expr);
    else if (reader.skipWord('offset')) expr = withOffset(reader, expr);
    else if (reader.skipSymbol('@')) expr = withAt(reader, expr);
    else if (reader.isWord('anchored') || reader.isWord('smoothed')) {
      throw reader.unsupported(`the modifier ${reader.peek().text}`);
    } else return expr;
    reader.countOperator();
  }
}

function parseBrackets(reader: TokenReader, expr: Expr): Expr {
  reader.next();
  if (reader.peek().kind === 'end') throw reader.error('unexpected end of input in duration expression');
  const range = parseDurationExpr(reader, 'subquery or range selector');
  if (reader.skipSymbol(':')) {
    const step = reader.isSymbol(']') ? undefined : parseDurationExpr(reader, 'subquery');
    const { to } = reader.expectSymbol(']', 'subquery');
    return { kind: 'subquery', expr, range, ...(step === undefined ? {} : { step }), from: expr.from, to };
  }
  if (!reader.isSymbol(']')) {
    const { kind, text } = reader.peek();
    if (kind === 'end') throw reader.unclosed('left bracket');
    throw reader.error(`unexpected character: '${text.charAt(0)}', expected ':'`);
  }
  const { to } = reader.next();
  if (expr.kind !== 'selector') {
    throw reader.errorAt(expr.from, 'ranges only allowed for vector selectors');
  }
  if (expr.offset !== undefined) throw reader.errorAt(expr.from, 'no offset modifiers allowed before range');
  if (expr.at !== undefined) throw reader.errorAt(expr.from, 'no @ modifiers allowed before range');
  return { kind: 'range', selector: expr, range, from: expr.from, to };
}

function withOffset(reader: TokenReader, expr: Expr): Expr {
  const offset = parseOffset(reader);
  return modified(reader, expr, 'offset', { offset });
}

function withAt(reader: TokenReader, expr: Expr): Expr {
  return modified(reader, expr, '@', { at: parseAt(reader) });
}

function parseAt(reader: TokenReader): AtModifier {
  for (const bound of ['start', 'end'] as const) {
    if (reader.isWord(bound) && reader.isSymbol('(', 1)) {
      reader.next();
      reader.next();
      reader.expectSymbol(')', '@');
      return bound;
    }
  }
  const negative = reader.skipSymbol('-');
  if (!negative) reader.skipSymbol('+');
  const at = reader.peek().from;
  const literal = parseNumber(reader);
  if (literal === undefined) throw reader.unexpected('@', 'timestamp');
  const atMs = Math.round((negative ? -1 : 1) * literal.value * 1000);
  if (!Number.isSafeInteger(atMs)) {
    const sign = negative ? '-' : /^inf/i.test(literal.text) ? '+' : '';
    throw reader.errorAt(at, `timestamp out of bounds for @ modifier: ${sign}${literal.text}`);
  }
  return { atMs };
}

/** A copy of a selector, range or subquery that carries the modifier. */
function modified(reader: TokenReader, expr: Expr, name: string, modifier: TimeModifiers): Expr {
  const { to } = reader.previous();
  const carrier = expr.kind === 'range' ? expr.selector : expr;
  if (carrier.kind !== 'selector' && carrier.kind !== 'subquery') {
    const word = name === '@' ? '@' : 'offset';
    const kinds = 'an instant vector selector or range vector selector or a subquery';
    throw reader.errorAt(withoutParens(expr).from, `${word} modifier must be preceded by ${kinds}`);
  }
  if (name === 'offset' ? carrier.offset !== undefined : carrier.at !== undefined) {
    throw reader.errorAt(expr.from, `${name} may not be set multiple times`);
  }
  if (expr.kind === 'range') return { ...expr, selector: { ...expr.selector, ...modifier, to }, to };
  return { ...carrier, ...modifier, to };
}
