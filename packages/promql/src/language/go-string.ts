/** Thrown with the offset of the faulty escape, counted from the opening quote. */
export class StringSyntaxError extends Error {
  readonly at: number;

  constructor(at: number, problem: string) {
    super(problem);
    this.at = at;
  }
}

const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
};

const NUMERIC: Readonly<Record<string, { readonly digits: number; readonly radix: number }>> = {
  x: { digits: 2, radix: 16 },
  u: { digits: 4, radix: 16 },
  U: { digits: 8, radix: 16 },
};

/**
 * The value of a quoted string with Go's escapes, quotes included in `quoted`.
 *
 * Escaped bytes that are not UTF-8 together become U+FFFD: JavaScript strings cannot hold them.
 *
 * @see https://go.dev/ref/spec#String_literals
 * @throws {@link StringSyntaxError} for an escape that Go does not know.
 */
export function unquote(quoted: string): string {
  const quote = quoted.charAt(0);
  const body = quoted.slice(1, -1);
  if (quote === '`' || !body.includes('\\')) return body;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  let at = 0;
  while (at < body.length) {
    const char = String.fromCodePoint(body.codePointAt(at) ?? 0);
    if (char !== '\\') {
      bytes.push(...encoder.encode(char));
      at += char.length;
      continue;
    }
    const escape = readEscape(body, at + 1, quote);
    if (escape.isByte) bytes.push(escape.value);
    else bytes.push(...encoder.encode(String.fromCodePoint(escape.value)));
    at = escape.next;
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

interface Escape {
  readonly value: number;
  readonly isByte: boolean;
  readonly next: number;
}

function readEscape(body: string, at: number, quote: string): Escape {
  const letter = body.charAt(at);
  if (letter === '') throw new StringSyntaxError(at, 'escape sequence not terminated');
  if (letter === quote) return { value: quote.charCodeAt(0), isByte: false, next: at + 1 };
  const simple = Object.hasOwn(SIMPLE, letter) ? SIMPLE[letter] : undefined;
  if (simple !== undefined) return { value: simple, isByte: false, next: at + 1 };
  if (letter >= '0' && letter <= '7') return readDigits(body, at, { digits: 3, radix: 8 }, true);
  const numeric = Object.hasOwn(NUMERIC, letter) ? NUMERIC[letter] : undefined;
  if (numeric === undefined) {
    throw new StringSyntaxError(at, `unknown escape sequence ${describe(letter)}`);
  }
  return readDigits(body, at + 1, numeric, letter === 'x');
}

function readDigits(
  body: string,
  from: number,
  { digits, radix }: { readonly digits: number; readonly radix: number },
  isByte: boolean,
): Escape {
  let value = 0;
  for (let at = from; at < from + digits; at++) {
    const char = body.charAt(at);
    if (char === '') throw new StringSyntaxError(at, 'escape sequence not terminated');
    const digit = Number.parseInt(char, radix);
    if (Number.isNaN(digit)) {
      throw new StringSyntaxError(at, `illegal character ${describe(char)} in escape sequence`);
    }
    value = value * radix + digit;
  }
  const isSurrogate = value >= 0xd800 && value < 0xe000;
  if (value > (isByte ? 255 : 0x10ffff) || (!isByte && isSurrogate)) {
    throw new StringSyntaxError(from, 'escape sequence is an invalid Unicode code point');
  }
  return { value, isByte, next: from + digits };
}

function describe(char: string): string {
  const hex = char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${hex} '${char}'`;
}

/** A string literal that {@link unquote} reads back. */
export function quote(value: string): string {
  return JSON.stringify(value).replaceAll('\uFFFD', '\\ufffd');
}
