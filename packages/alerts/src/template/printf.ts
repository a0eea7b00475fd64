import { formatFloat } from './format-float.ts';
import { isList, isMap, printValue, typeName, type Value } from './value.ts';

interface Directive {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly verb: string;
}

/** Widths and precisions beyond this are refused: a template must not allocate a gigabyte. */
const MAX_WIDTH = 10_000;
const MAX_LENGTH = 262_144;

/**
 * Go's `fmt.Sprintf` for the values of a template, with its way of showing mistakes in the text:
 * `%!d(float64=0.85)`, `%!f(MISSING)`, `%!(EXTRA int=1)`.
 */
export function printf(format: string, args: readonly Value[]): string {
  let output = '';
  let next = 0;
  const pattern = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(.)?/gsu;
  let last = 0;
  for (const match of format.matchAll(pattern)) {
    output += format.slice(last, match.index);
    last = match.index + match[0].length;
    if (output.length > MAX_LENGTH) throw new Error(`a text of more than ${MAX_LENGTH} characters`);
    const [, flags = '', widthText, precisionText, verb] = match;
    if (verb === undefined) {
      output += '%!(NOVERB)';
      continue;
    }
    const takeNumber = (text: string | undefined): number | undefined => {
      if (text === undefined) return undefined;
      const number = text === '*' ? Number(args[next++]) : Number(text);
      return Number.isInteger(number) && number <= MAX_WIDTH ? number : undefined;
    };
    const width = takeNumber(widthText);
    const precision = takeNumber(precisionText);
    if (verb === '%') output += '%';
    else if (next >= args.length) output += `%!${verb}(MISSING)`;
    else output += formatOne(args[next++], { flags, width, precision, verb });
  }
  output += format.slice(last);
  const extra = args.slice(next);
  if (extra.length === 0) return output;
  return `${output}%!(EXTRA ${extra.map((value) => `${typeName(value)}=${printValue(value)}`).join(', ')})`;
}

function formatOne(value: Value, directive: Directive): string {
  const { verb } = directive;
  if (verb === 'T') return pad(typeName(value), directive);
  if (isMap(value)) return formatMap(value, directive);
  if (isList(value) && verb !== 'v') return `[${value.map((item) => formatOne(item, directive)).join(' ')}]`;
  if (verb === 'v') return formatAny(value, directive);
  if (typeof value === 'number') return formatFloatVerb(value, directive);
  if (typeof value === 'bigint') return formatInt(value, directive);
  if (typeof value === 'string') return formatString(value, directive);
  if (typeof value === 'boolean' && verb === 't') return pad(String(value), directive);
  if (typeof value === 'boolean' || value === undefined) return mistake(value, directive);
  if (verb === 's') return pad(printValue(value), directive);
  return mistake(value, directive);
}

function formatAny(value: Value, directive: Directive): string {
  if (value === undefined) return pad('<nil>', directive);
  if (typeof value === 'number') return formatFloatVerb(value, { ...directive, verb: 'g' });
  if (typeof value === 'bigint') return formatInt(value, { ...directive, verb: 'd' });
  if (typeof value === 'string') return formatString(value, { ...directive, verb: 's' });
  if (isMap(value) || isList(value)) return printValue(value);
  return pad(printValue(value), directive);
}

/** In the order of the keys; the directive is for each of them. */
function formatMap(map: ReadonlyMap<string, Value>, directive: Directive): string {
  const entries = [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map((pair) => pair.map((part) => formatOne(part, directive)).join(':')).join(' ')}]`;
}

function formatFloatVerb(value: number, directive: Directive): string {
  const { verb, precision, flags } = directive;
  const lower = verb.toLowerCase();
  if (lower !== 'e' && lower !== 'f' && lower !== 'g') return mistake(value, directive);
  let text = formatFloat(value, lower, precision ?? (lower === 'g' ? -1 : 6));
  if (verb !== lower) text = text.toUpperCase();
  const isFinite = Number.isFinite(value);
  // Go shows the plus sign of +Inf with or without the flag.
  if (flags.includes('+') && !text.startsWith('-') && !text.startsWith('+')) text = `+${text}`;
  else if (flags.includes(' ') && !/^[-+]/.test(text)) text = ` ${text}`;
  return pad(text, isFinite ? directive : { ...directive, flags: flags.replaceAll('0', '') });
}

function formatInt(value: bigint, directive: Directive): string {
  const magnitude = value < 0n ? -value : value;
  if (directive.verb === 'q') return pad(quoteRune(value), directive);
  const digits = integerDigits(magnitude, directive);
  if (digits === undefined) return mistake(value, directive);
  const plus = directive.flags.includes('+') ? '+' : directive.flags.includes(' ') ? ' ' : '';
  // A precision is a least number of digits, and then nothing else is filled with zeros.
  const { precision, flags } = directive;
  const filled = precision === undefined ? directive : { ...directive, flags: flags.replaceAll('0', '') };
  return pad(`${value < 0n ? '-' : plus}${digits.padStart(precision ?? 0, '0')}`, filled);
}

/** Go's quoted character; what is no character is shown as the replacement for one. */
function quoteRune(value: bigint): string {
  const isCharacter = value >= 0n && value <= 0x10ffffn;
  const char = isCharacter ? String.fromCodePoint(Number(value)) : '\u{FFFD}';
  return `'${JSON.stringify(char).slice(1, -1).replace("'", "\\'")}'`;
}

function integerDigits(magnitude: bigint, { verb, flags }: Directive): string | undefined {
  const isAlternate = flags.includes('#');
  if (verb === 'd') return magnitude.toString();
  if (verb === 'x') return (isAlternate ? '0x' : '') + magnitude.toString(16);
  if (verb === 'X') return (isAlternate ? '0X' : '') + magnitude.toString(16).toUpperCase();
  if (verb === 'o') return (isAlternate ? '0' : '') + magnitude.toString(8);
  if (verb === 'b') return magnitude.toString(2);
  if (verb === 'c') return magnitude <= 0x10ffffn ? String.fromCodePoint(Number(magnitude)) : '\u{FFFD}';
  return undefined;
}

function formatString(value: string, directive: Directive): string {
  const { verb, precision } = directive;
  const cut = precision === undefined ? value : Array.from(value).slice(0, precision).join('');
  if (verb === 's') return padText(cut, directive);
  if (verb === 'q') return padText(JSON.stringify(cut), directive);
  const hex = Buffer.from(cut, 'utf8').toString('hex');
  if (verb === 'x') return padText(hex, directive);
  if (verb === 'X') return padText(hex.toUpperCase(), directive);
  return mistake(value, directive);
}

/** A verb that does not fit the value: Go says so, and shows the value with the flags that were asked for. */
function mistake(value: Value, directive: Directive): string {
  const { verb } = directive;
  if (value === undefined) return `%!${verb}(<nil>)`;
  return `%!${verb}(${typeName(value)}=${formatAny(value, directive)})`;
}

function pad(text: string, { width, flags }: Directive): string {
  const length = Array.from(text).length;
  if (width === undefined || length >= width) return text;
  const missing = width - length;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + text;
  const sign = /^[-+ ]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

/** A text has no sign that zeros would go behind. */
function padText(text: string, directive: Directive): string {
  const { width, flags } = directive;
  const missing = (width ?? 0) - Array.from(text).length;
  const isZeroed = flags.includes('0') && !flags.includes('-');
  return isZeroed && missing > 0 ? '0'.repeat(missing) + text : pad(text, directive);
}
