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
    const problem = token.kind === 'duration' ? 'not a valid duration string' : 'error parsing number';
    throw reader.error(`${problem}: "${token.text.slice(0, 40)}"`);
  }
  reader.next();
  return { kind: 'number', value, text: token.text, from: token.from, to: token.to };
}
