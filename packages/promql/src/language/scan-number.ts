/** What begins with a digit: `bad` up to the character at which it is neither a number nor a duration. */
export interface NumberScan {
  readonly kind: 'number' | 'duration' | 'bad';
  readonly to: number;
}

const DIGITS = '0123456789';
const HEX_DIGITS = '0123456789abcdefABCDEF';
const UNITS = 'smhdwy';

/**
 * How far a number or duration goes, character by character as Prometheus reads it, so that an error names the same
 * text. Some of what passes here is refused when its value is read, such as `0x` or `5hs`.
 */
export function scanNumber(text: string, from: number): NumberScan {
  const cursor = new Cursor(text, from);
  if (isNumber(cursor)) return { kind: 'number', to: cursor.at };
  // Goes on where the number broke off.
  return { kind: isRestOfDuration(cursor) ? 'duration' : 'bad', to: cursor.at };
}

class Cursor {
  readonly #text: string;
  at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#text.length;
  }

  is(characters: string): boolean {
    return !this.isAtEnd && characters.includes(this.#text.charAt(this.at));
  }

  accept(characters: string): boolean {
    const is = this.is(characters);
    if (is) this.at += 1;
    return is;
  }

  acceptAll(characters: string): void {
    while (this.is(characters)) this.at += 1;
  }

  get isInWord(): boolean {
    return !this.isAtEnd && /[A-Za-z0-9_]/.test(this.#text.charAt(this.at));
  }
}

function isNumber(cursor: Cursor): boolean {
  let digits = DIGITS;
  if (cursor.accept('0') && cursor.accept('xX')) {
    cursor.accept('_');
    digits = HEX_DIGITS;
  }
  cursor.accept('.');
  cursor.accept(digits);
  let [hasDot, hasExponent] = [false, false];
  while (cursor.is(`${digits}._eE`)) {
    if (cursor.is('.')) {
      cursor.accept('.');
      if (hasDot || cursor.accept('_.') || digits === HEX_DIGITS) return false;
      hasDot = true;
    } else if (cursor.is('eE')) {
      cursor.accept('eE');
      if (hasExponent) return false;
      hasExponent = true;
      cursor.accept('+-');
      if (cursor.accept('._eE') || cursor.isAtEnd) return false;
    } else if (cursor.accept('_')) {
      if (cursor.accept('._eE') || cursor.isAtEnd) return false;
    } else {
      cursor.acceptAll(digits);
    }
  }
  return !cursor.isInWord;
}

function isRestOfDuration(cursor: Cursor): boolean {
  if (!cursor.accept(UNITS)) return false;
  // For `ms`; that other units do not take it is found out later.
  cursor.accept('s');
  while (cursor.is(DIGITS)) {
    cursor.acceptAll(DIGITS);
    if (!cursor.accept('smhdw')) return false;
    cursor.accept('s');
  }
  if (!cursor.isInWord) return true;
  cursor.at += 1;
  return false;
}
