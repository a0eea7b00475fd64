import { PromqlError } from '../errors.ts';
import { lex, type Token } from './lex.ts';
import { asBinaryOperator } from './operators.ts';
import { ParseError } from './parse-error.ts';
import { linePosition } from './position.ts';

const MAX_DEPTH = 200;
const MAX_OPERATORS = 2_000;
const MAX_LENGTH = 1_048_576;
// Instructions of all regular expressions of one query: some thousand names, or some hundred milliseconds to compile.
const MAX_REGEXP_SIZE = 20_000;

/** The tokens of one query with a place in them, and the errors that name the place. */
export class TokenReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #operators = 0;
  #openParens = 0;
  #regExpSize = 0;

  constructor(text: string) {
    if (text.length > MAX_LENGTH) {
      throw new ParseError('', 0, `the query has ${text.length} characters, the limit is ${MAX_LENGTH}`);
    }
    this.#text = text;
    this.#tokens = lex(text);
  }

  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    return this.#tokens[Math.min(this.#at + ahead, last)] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.#at += 1;
    if (token.kind === 'symbol' && token.text === '(') this.#openParens += 1;
    if (token.kind === 'symbol' && token.text === ')') this.#openParens -= 1;
    return token;
  }

  previous(): Token {
    return this.#tokens[this.#at - 1] as Token;
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === text;
  }

  skipSymbol(text: string): boolean {
    const is = this.isSymbol(text);
    if (is) this.next();
    return is;
  }

  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'word' && token.text.toLowerCase() === word;
  }

  skipWord(word: string): boolean {
    const is = this.isWord(word);
    if (is) this.next();
    return is;
  }

  expectSymbol(text: string, context: string): Token {
    if (!this.isSymbol(text)) throw this.unexpected(context, `"${text}"`);
    return this.next();
  }

  /** The query ends before something is closed; a parenthesis around it is named first. */
  unclosed(what: string): ParseError {
    return this.error(`unclosed ${this.#openParens > 0 ? 'left parenthesis' : what}`);
  }

  closeParen(): Token {
    if (this.peek().kind === 'end') throw this.unclosed('left parenthesis');
    if (!this.isSymbol(')')) throw this.unexpected();
    return this.next();
  }

  /** Called on the way down: a query must not overflow the stack of the service. */
  enter(): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw this.error(`nested deeper than ${MAX_DEPTH} levels`);
  }

  leave(): void {
    this.#depth -= 1;
  }

  /** `a + a + …` makes a tree as deep as it is long. */
  countOperator(): void {
    this.#operators += 1;
    if (this.#operators > MAX_OPERATORS) throw this.error(`more than ${MAX_OPERATORS} operators`);
  }

  /** A regular expression of so many instructions was compiled. */
  countRegExp(size: number, from: number): void {
    this.#regExpSize += size;
    if (this.#regExpSize <= MAX_REGEXP_SIZE) return;
    throw this.errorAt(from, `regular expressions of more than ${MAX_REGEXP_SIZE} instructions in all`);
  }

  error(problem: string): ParseError {
    return this.errorAt(this.peek().from, problem);
  }

  errorAt(offset: number, problem: string): ParseError {
    return new ParseError(this.#text, offset, problem);
  }

  unsupported(what: string): PromqlError {
    const place = linePosition(this.#text, this.peek().from);
    return new PromqlError('unsupported', `${place}: ${what} is not supported`);
  }

  unexpected(context?: string, expected?: string): ParseError {
    const token = this.peek();
    if (token.kind === 'end' && this.#openParens > 0) return this.unclosed('left parenthesis');
    const where = context === undefined ? '' : ` in ${context}`;
    const wanted = expected === undefined ? '' : `, expected ${expected}`;
    return this.error(`unexpected ${describe(token)}${where}${wanted}`);
  }
}

const KEYWORDS: ReadonlySet<string> = new Set([
  'bool',
  'by',
  'group_left',
  'group_right',
  'ignoring',
  'offset',
  'on',
  'without',
]);

function describe(token: Token): string {
  if (token.kind === 'end') return 'end of input';
  const word = token.text.toLowerCase();
  const isOperator = token.text === '@' || asBinaryOperator(word) !== undefined;
  if (token.kind !== 'string' && isOperator) return `<op:${word}>`;
  if (token.kind === 'word' && KEYWORDS.has(word)) return `<${word}>`;
  if (token.kind === 'word' || token.kind === 'metric') return `identifier "${token.text}"`;
  if (token.kind === 'symbol' && token.text === ')') return "right parenthesis ')'";
  return `${token.kind === 'symbol' ? '' : `${token.kind} `}"${token.text}"`;
}
