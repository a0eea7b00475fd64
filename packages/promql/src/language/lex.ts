import { StringSyntaxError, unquote } from './go-string.ts';
import { ParseError } from './parse-error.ts';
import type { Span } from './position.ts';
import { scanNumber } from './scan-number.ts';

type TokenKind = 'number' | 'duration' | 'string' | 'word' | 'metric' | 'symbol' | 'end';

export interface Token extends Span {
  /** A `word` may be a keyword, function, label or metric name: only the parser knows. `metric` holds a colon. */
  readonly kind: TokenKind;
  /** The source text; of a string, its value. */
  readonly text: string;
}

const SPACE = /[ \t\r\n]+|#[^\n]*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const METRIC = /[A-Za-z_:][A-Za-z0-9_:]*/y;
const SYMBOL = /<=|>=|==|!=|=~|!~|[-+*/%^()[\]{},=<>@:]/y;
const IN_BRACES = /!=|=~|!~|[{},=]/y;

// A megabyte of parentheses takes a quarter of a second to cut; these take ten milliseconds.
const MAX_TOKENS = 50_000;

// Neither half of a pair alone: text that no UTF-8 encodes.
const ILL_FORMED = /[\uFFFD]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * Cuts a query into tokens, the last of kind `end`.
 *
 * Braces and brackets change what a character means: inside `{}` every word is a label name, inside `[]` a colon
 * separates range and step.
 *
 * @throws {@link ParseError} for a character, number or string that PromQL does not have.
 */
export function lex(text: string): Token[] {
  const illFormed = ILL_FORMED.exec(text);
  if (illFormed !== null) throw new ParseError(text, illFormed.index, 'invalid UTF-8 rune');
  const tokens: Token[] = [];
  let at = 0;
  let inBraces = false;
  let brackets = 0;
  for (;;) {
    at += lengthOf(SPACE, text, at);
    if (at >= text.length) break;
    // A comment ends at the line: what follows may be space again.
    if (lengthOf(SPACE, text, at) > 0) continue;
    const token = inBraces ? nextInBraces(text, at) : nextToken(text, at, brackets > 0);
    tokens.push(token);
    if (tokens.length > MAX_TOKENS) {
      throw new ParseError(text, at, `more than ${MAX_TOKENS} words and signs`);
    }
    at = token.to;
    if (token.kind !== 'symbol') continue;
    if (token.text === '{') inBraces = true;
    else if (token.text === '}') inBraces = false;
    else if (token.text === '[') brackets += 1;
    else if (token.text === ']') brackets -= 1;
  }
  if (inBraces) throw new ParseError(text, text.length, 'unexpected end of input inside braces');
  tokens.push({ kind: 'end', text: '', from: text.length, to: text.length });
  return tokens;
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function take(kind: TokenKind, pattern: RegExp, text: string, at: number): Token | undefined {
  const length = lengthOf(pattern, text, at);
  return length === 0 ? undefined : { kind, text: text.slice(at, at + length), from: at, to: at + length };
}

function nextInBraces(text: string, at: number): Token {
  const token = takeString(text, at) ?? take('word', WORD, text, at) ?? take('symbol', IN_BRACES, text, at);
  if (token === undefined) {
    throw new ParseError(text, at, `unexpected character inside braces: ${show(text, at)}`);
  }
  if (token.text === '{' && token.kind === 'symbol') {
    throw new ParseError(text, at, "unexpected character inside braces: '{'");
  }
  return token;
}

function nextToken(text: string, at: number, inBrackets: boolean): Token {
  const char = text.charAt(at);
  if (/[0-9]/.test(char) || (char === '.' && /[0-9]/.test(text.charAt(at + 1)))) {
    const { kind, to } = scanNumber(text, at);
    const scanned = text.slice(at, to);
    if (kind === 'bad') throw new ParseError(text, at, `bad number or duration syntax: "${scanned}"`);
    return { kind, text: scanned, from: at, to };
  }
  const word = take('word', inBrackets ? WORD : METRIC, text, at);
  if (word !== undefined) return word.text.includes(':') ? { ...word, kind: 'metric' } : word;
  const token = takeString(text, at) ?? take('symbol', SYMBOL, text, at);
  const isStray = token?.kind === 'symbol' && (token.text === '}' || (token.text === ':' && !inBrackets));
  if (token === undefined || isStray) {
    throw new ParseError(text, at, `unexpected character: ${show(text, at)}`);
  }
  if (token.kind === 'symbol' && (token.text === '=~' || token.text === '!~')) {
    const first = token.text.charAt(0);
    throw new ParseError(text, at, `unexpected character after '${first}': '~'`);
  }
  return token;
}

function takeString(text: string, at: number): Token | undefined {
  const quote = text.charAt(at);
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  let end = at + 1;
  for (; end < text.length && text.charAt(end) !== quote; end++) {
    const char = text.charAt(end);
    if (quote === '`') continue;
    if (char === '\\') end += 1;
    else if (char === '\n') break;
  }
  if (end >= text.length || text.charAt(end) !== quote) {
    if (quote !== '`') readString(text, at, text.slice(at) + quote);
    throw new ParseError(text, at, quote === '`' ? 'unterminated raw string' : 'unterminated quoted string');
  }
  return { kind: 'string', text: readString(text, at, text.slice(at, end + 1)), from: at, to: end + 1 };
}

function readString(text: string, at: number, quoted: string): string {
  try {
    return unquote(quoted);
  } catch (error) {
    if (error instanceof StringSyntaxError) throw new ParseError(text, at, error.message);
    throw error;
  }
}

function show(text: string, at: number): string {
  return `'${String.fromCodePoint(text.codePointAt(at) ?? 0)}'`;
}
