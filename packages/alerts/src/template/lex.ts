import { TemplateError } from './template-error.ts';

export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'space'
  | 'identifier'
  | 'variable'
  | 'field'
  | 'dot'
  | 'string'
  | 'char'
  | 'number'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'left-paren'
  | 'right-paren';

/** One word of a template. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset in UTF-16 units from the start of the template. */
  readonly at: number;
}

/** What may stand inside an action, tried in this order at each place. */
const WORDS: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /[ \t\r\n]+/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y],
  ['char', /'(?:[^'\\\n]|\\[^\n])+'/y],
  [
    'number',
    /[+-]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y,
  ],
  ['declare', /:=/y],
  ['assign', /=/y],
  ['pipe', /\|/y],
  ['comma', /,/y],
  ['left-paren', /\(/y],
  ['right-paren', /\)/y],
  ['variable', /\$[\p{L}_\p{Nd}]*/uy],
  ['field', /\.[\p{L}_][\p{L}_\p{Nd}]*/uy],
  ['dot', /\./y],
  ['identifier', /[\p{L}_][\p{L}_\p{Nd}]*/uy],
];

/**
 * Cuts a template into tokens; text between actions comes as it is, trimmed where `{{-` or `-}}` say so.
 *
 * @throws {@link TemplateError} for an action that is not closed, or a character that has no place in one.
 */
export function lex(template: string, name: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let trimsNext = false;
  while (at < template.length) {
    const open = template.indexOf('{{', at);
    const end = open === -1 ? template.length : open;
    const trimsHere = open !== -1 && /^\{\{-[ \t\r\n]/.test(template.slice(open, open + 4));
    let text = template.slice(at, end);
    if (trimsNext) text = text.trimStart();
    if (trimsHere) text = text.trimEnd();
    if (text !== '') tokens.push({ kind: 'text', text, at });
    if (open === -1) break;
    const bodyStart = open + (trimsHere ? 3 : 2);
    const comment = /^[ \t\r\n]*\/\*[^]*?\*\/([ \t\r\n]-)?\}\}/.exec(template.slice(bodyStart));
    if (comment !== null && (trimsHere || template.startsWith('/*', bodyStart))) {
      at = bodyStart + comment[0].length;
      trimsNext = comment[1] !== undefined;
      continue;
    }
    tokens.push({ kind: 'open', text: '{{', at: open });
    const close = lexAction(template, bodyStart, name, tokens);
    at = close.at;
    trimsNext = close.trims;
  }
  return tokens;
}

function lexAction(
  template: string,
  from: number,
  name: string,
  tokens: Token[],
): { at: number; trims: boolean } {
  let at = from;
  for (;;) {
    const trims = /^[ \t\r\n]-\}\}/.test(template.slice(at, at + 4));
    if (trims || template.startsWith('}}', at)) {
      tokens.push({ kind: 'close', text: '}}', at });
      return { at: at + (trims ? 4 : 2), trims };
    }
    const token = wordAt(template, at);
    if (token === undefined) throw syntaxError(template, at, name);
    tokens.push(token);
    at += token.text.length;
  }
}

function wordAt(template: string, at: number): Token | undefined {
  for (const [kind, pattern] of WORDS) {
    pattern.lastIndex = at;
    const text = pattern.exec(template)?.[0];
    if (text !== undefined) return { kind, text, at };
  }
  return undefined;
}

function syntaxError(template: string, at: number, name: string): TemplateError {
  const place = `template: ${name}:${lineOf(template, at)}`;
  const char = template[at];
  if (char === undefined) return new TemplateError(`${place}: unclosed action`);
  if (char === '"') return new TemplateError(`${place}: unterminated quoted string`);
  if (char === '`') return new TemplateError(`${place}: unterminated raw quoted string`);
  return new TemplateError(`${place}: unexpected ${JSON.stringify(char)} in command`);
}

/** 1-based line of an offset. */
export function lineOf(template: string, at: number): number {
  return template.slice(0, at).split('\n').length;
}
