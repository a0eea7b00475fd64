import { compileRegExp } from '../labels/regexp.ts';
import type { LabelMatcher, MatchOperator } from './ast.ts';
import { ParseError } from './parse-error.ts';
import type { TokenReader } from './token-reader.ts';

const MATCH_OPERATORS: readonly string[] = ['=', '!=', '=~', '!~'] satisfies MatchOperator[];

export interface ParsedMatchers {
  readonly name?: string;
  readonly matchers: readonly LabelMatcher[];
  /** Whether a series without any of these labels, and without a name, would be selected. */
  readonly acceptsEmpty: boolean;
  readonly to: number;
}

/** `{a="b", c=~"d", "quoted metric name"}`. A name before the braces excludes one inside. */
export function parseMatchers(reader: TokenReader, nameBefore: string | undefined): ParsedMatchers {
  const { from } = reader.expectSymbol('{', 'label matching');
  const matchers: LabelMatcher[] = [];
  let name = nameBefore;
  let acceptsEmpty = (name ?? '') === '';
  // Told at the end: what follows may be no selector at all.
  let twice: string | undefined;
  const setName = (value: string): void => {
    if (name !== undefined) twice ??= `metric name must not be set twice: "${name}" or "${value}"`;
    name = value;
    if (value !== '') acceptsEmpty = false;
  };
  while (!reader.isSymbol('}')) {
    const token = reader.peek();
    if (token.kind !== 'word' && token.kind !== 'string') {
      throw reader.unexpected('label matching', 'identifier or "}"');
    }
    reader.next();
    const operator = reader.peek();
    const isAlone = operator.text === ',' || operator.text === '}';
    if (token.kind === 'string' && operator.kind === 'symbol' && isAlone) {
      setName(token.text);
    } else {
      if (operator.kind !== 'symbol' || !MATCH_OPERATORS.includes(operator.text)) {
        throw reader.unexpected('label matching', 'label matching operator');
      }
      reader.next();
      if (reader.peek().kind !== 'string') throw reader.unexpected('label matching', 'string');
      const value = reader.next().text;
      if (token.text === '__name__' && operator.text === '=' && nameBefore !== undefined) setName(value);
      const matcher = { name: token.text, operator: operator.text as MatchOperator, value };
      matchers.push(matcher);
      if (!matchesEmpty(matcher, token.from, reader)) acceptsEmpty = false;
    }
    if (!reader.isSymbol('}') && !reader.skipSymbol(',')) {
      throw reader.unexpected('label matching', '"," or "}"');
    }
  }
  const { to } = reader.next();
  if (twice !== undefined) throw reader.errorAt(from, twice);
  return { ...(name === undefined ? {} : { name }), matchers, acceptsEmpty, to };
}

/** Whether a matcher is content with no label. @throws {@link ParseError} for what is no regular expression. */
function matchesEmpty({ operator, value }: LabelMatcher, from: number, reader: TokenReader): boolean {
  if (operator === '=' || operator === '!=') return (value === '') === (operator === '=');
  try {
    const regexp = compileRegExp(value);
    reader.countRegExp(regexp.size, from);
    return regexp.matches('') === (operator === '=~');
  } catch (error) {
    if (error instanceof ParseError) throw error;
    throw reader.errorAt(from, (error as Error).message);
  }
}

/** `(a, "b c", by)`: label names after `by`, `on`, `group_left` and their like. */
export function parseLabelList(reader: TokenReader): readonly string[] {
  reader.expectSymbol('(', 'grouping opts');
  const labels: string[] = [];
  while (!reader.isSymbol(')')) {
    const token = reader.peek();
    const isNumber = ['inf', 'nan'].includes(token.text.toLowerCase());
    if (token.kind !== 'string' && (token.kind !== 'word' || isNumber)) {
      throw reader.unexpected('grouping opts', 'label');
    }
    labels.push(reader.next().text);
    if (!reader.isSymbol(')') && !reader.skipSymbol(',')) {
      throw reader.unexpected('grouping opts', '"," or ")"');
    }
  }
  reader.next();
  return labels;
}
