import type { TemplateFunction } from './function-table.ts';
import { printf } from './printf.ts';
import { isList, isMap, isTrue, printValue, typeName, type Value } from './value.ts';

const MANY = Number.POSITIVE_INFINITY;

/**
 * The functions that Go's text/template has by itself.
 *
 * @see https://pkg.go.dev/text/template#hdr-Functions
 */
export const builtinFunctions: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.entries({
    and: { min: 1, max: MANY, call: (first) => first }, // evaluated by the executor, which stops early
    or: { min: 1, max: MANY, call: (first) => first },
    not: { min: 1, max: 1, call: (value) => !isTrue(value) },
    call: { min: 1, max: MANY, call: () => fail('no function can be called by value') },
    len: { min: 1, max: 1, call: (value) => BigInt(lengthOf(value)) },
    index: { min: 1, max: MANY, call: (value, ...keys) => keys.reduce(at, value) },
    slice: { min: 1, max: 3, call: (value, from, to) => cut(value, from, to) },
    print: { min: 0, max: MANY, call: (...values) => print(values) },
    println: { min: 0, max: MANY, call: (...values) => `${values.map(printValue).join(' ')}\n` },
    printf: { min: 1, max: MANY, call: (format, ...values) => printf(textOf(format), values) },
    html: { min: 0, max: MANY, call: (...values) => escapeHtml(print(values)) },
    js: { min: 0, max: MANY, call: (...values) => escapeJs(print(values)) },
    urlquery: { min: 0, max: MANY, call: (...values) => queryEscape(print(values)) },
    eq: {
      min: 1,
      max: MANY,
      call: (first, ...rest) => {
        if (rest.length === 0) fail('missing argument for comparison');
        return rest.map((value) => equal(first, value)).includes(true);
      },
    },
    ne: { min: 2, max: 2, call: (a, b) => !equal(a, b) },
    lt: { min: 2, max: 2, call: (a, b) => less(a, b) },
    le: { min: 2, max: 2, call: (a, b) => less(a, b) || equal(a, b) },
    // As Go has them, by negation: what is no number is greater than everything.
    gt: { min: 2, max: 2, call: (a, b) => !less(a, b) && !equal(a, b) },
    ge: { min: 2, max: 2, call: (a, b) => !less(a, b) },
  } satisfies Record<string, TemplateFunction>),
);

/** The value as text, where Go's function has a parameter of type string. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  return fail(`wrong type for value; expected string; got ${typeName(value)}`);
}

/** `url.QueryEscape`: a space is a plus sign. */
export function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function fail(problem: string): never {
  throw new Error(problem);
}

function equal(a: Value, b: Value): boolean {
  if ((isMap(a) && isMap(b)) || (isList(a) && isList(b)))
    fail(`non-comparable type ${printValue(a)}: ${typeName(a)}`);
  if (typeof a !== typeof b || typeof a === 'object') fail('incompatible types for comparison');
  return a === b;
}

function less(a: Value, b: Value): boolean {
  if (!isBasic(a) || !isBasic(b)) fail('invalid type for comparison');
  if (typeof a !== typeof b) fail('incompatible types for comparison');
  if (typeof a === 'number' || typeof a === 'bigint') return a < (b as number | bigint);
  if (typeof a === 'string') return a < (b as string);
  return fail('invalid type for comparison');
}

function isBasic(value: Value): boolean {
  return typeof value !== 'object' && value !== undefined;
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (isList(value)) return value.length;
  if (isMap(value)) return value.size;
  return fail(value === undefined ? 'len of nil pointer' : `len of type ${typeName(value)}`);
}

function at(value: Value, key: Value): Value {
  if (isMap(value)) {
    if (typeof key === 'string') return value.get(key) ?? '';
    return fail(`value has type ${typeName(key)}; should be string`);
  }
  if (typeof value === 'string') return byteAt(Buffer.from(value), key);
  if (!isList(value)) return fail(`can't index item of type ${typeName(value)}`);
  if (typeof key !== 'bigint') return fail(`cannot index slice/array with type ${typeName(key)}`);
  if (key < 0n || key >= BigInt(value.length)) return fail(`error calling index: index out of range: ${key}`);
  return value[Number(key)];
}

function byteAt(bytes: Buffer, key: Value): Value {
  const byte = typeof key === 'bigint' ? bytes.at(Number(key)) : undefined;
  if (byte === undefined || (typeof key === 'bigint' && key < 0n))
    return fail(`index out of range: ${printValue(key)}`);
  return BigInt(byte);
}

function cut(value: Value, from: Value, to: Value): Value {
  const bytes = typeof value === 'string' ? Buffer.from(value) : undefined;
  const length = BigInt(
    bytes?.length ?? (isList(value) ? value.length : fail(`can't slice item of type ${typeName(value)}`)),
  );
  const start = typeof from === 'bigint' ? from : 0n;
  const end = typeof to === 'bigint' ? to : length;
  if (start < 0n || end > length || start > end) fail(`index out of range: ${end > length ? end : start}`);
  if (bytes !== undefined) return bytes.subarray(Number(start), Number(end)).toString();
  return isList(value) ? value.slice(Number(start), Number(end)) : undefined;
}

/** `fmt.Sprint`: a space between two operands when neither is a string. */
function print(values: readonly Value[]): string {
  let text = '';
  for (const [index, value] of values.entries()) {
    const previous = values[index - 1];
    if (index > 0 && typeof previous !== 'string' && typeof value !== 'string') text += ' ';
    text += printValue(value);
  }
  return text;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&#34;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);
}

function escapeJs(text: string): string {
  return text.replaceAll(/[\\'"<>&=\n\r\t]/g, (char) => {
    if (char === '\\' || char === "'" || char === '"') return `\\${char}`;
    return `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}
