import type { NumberLiteral } from './ast.ts';
import { parseDuration } from './duration.ts';
import { parseGoNumber } from './go-number.ts';
import type { TokenReader } from './token-reader.ts';

/** A number, a duration in seconds, `Inf` or `NaN`, if one stands here. */
export function parseNumber(reader: TokenReader): NumberLiteral | undefined {
  const token = reader.peek();
  const isWord = token.kind === 'word' && ['inf', 'nan'].includes(token.text.toLowerCase());
  if (token.kind !== 'number' && token.kind !== 'duration' && !isWord) return undefined;
  const value = token.kind === 'duration' ? parseDuration(token.text) : parseGoNumber(token.text);
  if (value === undefined) {
    if (token.kind === 'duration') throw reader.error(`not a valid duration string: "${token.text}"`);
    // The lexer lets through what Go can read, so it is only too large.
    const problem = `strconv.ParseFloat: parsing "${token.text}": value out of range`;
    throw reader.error(`error parsing number: ${problem}`);
  }
  reader.next();
  return { kind: 'number', value, text: token.text, from: token.from, to: token.to };
}
