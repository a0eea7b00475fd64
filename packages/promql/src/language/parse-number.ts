import type { NumberLiteral } from './ast.ts';
import { readDuration } from './duration.ts';
import { parseGoNumber } from './go-number.ts';
import type { TokenReader } from './token-reader.ts';

/** A number, a duration in seconds, `Inf` or `NaN`, if one stands here. */
export function parseNumber(reader: TokenReader): NumberLiteral | undefined {
  const token = reader.peek();
  const isWord = token.kind === 'word' && ['inf', 'nan'].includes(token.text.toLowerCase());
  if (token.kind !== 'number' && token.kind !== 'duration' && !isWord) return undefined;
  const value = token.kind === 'duration' ? readDuration(token.text) : readNumber(token.text);
  if (typeof value === 'string') throw reader.error(value);
  reader.next();
  return { kind: 'number', value, text: token.text, from: token.from, to: token.to };
}

/** What the lexer lets through and Go cannot read is cut off, such as `0x`, or too large. */
function readNumber(text: string): number | string {
  const value = parseGoNumber(text);
  if (value !== undefined) return value;
  const problem = Number.isNaN(Number(text)) ? 'invalid syntax' : 'value out of range';
  return `error parsing number: strconv.ParseFloat: parsing "${text}": ${problem}`;
}
