import type { LabelMatcher, MatchOperator } from './ast.ts';
import type { TokenReader } from './token-reader.ts';

const MATCH_OPERATORS: readonly string[] = ['=', '!=', '=~', '!~'] satisfies MatchOperator[];

export interface ParsedMatchers {
  readonly name?: string;
  readonly matchers: readonly LabelMatcher[];
  readonly to: number;
}

/** `{a="b", c=~"d", "quoted metric name"}`. A name before the braces excludes one inside. */
export function parseMatchers(reader: TokenReader, nameBefore: string | undefined): ParsedMatchers {
  const { from } = reader.expectSymbol('{', 'label matching');
  const matchers: LabelMatcher[] = [];
  let name = nameBefore;
  const setName = (value: string): void => {
    if (name !== undefined) {
      throw reader.errorAt(from, `metric name must not be set twice: "${name}" or "${value}"`);
    }
    name = value;
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
      matchers.push({ name: token.text, operator: operator.text as MatchOperator, value });
    }
    if (!reader.isSymbol('}') && !reader.skipSymbol(',')) {
      throw reader.unexpected('label matching', '"," or "}"');
    }
  }
  const { to } = reader.next();
  return { ...(name === undefined ? {} : { name }), matchers, to };
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
