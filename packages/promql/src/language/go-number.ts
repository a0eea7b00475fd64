const DECIMAL = /^[+-]?(?:\d+(?:_\d+)*)?(?:\.(?:\d+(?:_\d+)*)?)?(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const HEX_INTEGER = /^[+-]?0[xX](?:_?[0-9a-fA-F]+)+$/;
const OCTAL = /^0_?[0-7]+(?:_[0-7]+)*$/;

/**
 * The value of a number as Go's `strconv` reads it, or `undefined` when it is none.
 *
 * A leading zero makes an octal integer (`0755`); `Inf` and `NaN` are words in any case; too large is no number.
 */
export function parseGoNumber(text: string): number | undefined {
  const word = text.toLowerCase();
  if (/^[+-]?(?:inf|infinity)$/.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  if (word === 'nan') return Number.NaN;
  if (OCTAL.test(text)) return Number.parseInt(text.replaceAll('_', ''), 8);
  const isNumber = HEX_INTEGER.test(text) || (DECIMAL.test(text) && /\d/.test(text));
  if (!isNumber) return undefined;
  const negative = text.startsWith('-');
  const magnitude = Number(text.replaceAll('_', '').replace(/^[+-]/, ''));
  if (!Number.isFinite(magnitude)) return undefined;
  return negative ? -magnitude : magnitude;
}

/** The upper bound that a bucket label such as `le="0.1"` or `le="+Inf"` names; `undefined` when malformed. */
export function parseGoFloat(text: string): number | undefined {
  // ParseFloat knows no octal: "010" is ten.
  return parseGoNumber(text.replace(/^([+-]?)0+(?=\d)/, '$1'));
}

/**
 * A float as the Prometheus HTTP API writes it: shortest digits, two-digit exponent outside [1e-6, 1e21).
 */
export function formatGoFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const magnitude = Math.abs(value);
  if (magnitude === 0 || (magnitude >= 1e-6 && magnitude < 1e21)) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

/** A float without exponent, as `count_values` writes it into a label (Go's format `f`). */
export function formatGoFixed(value: number): string {
  const text = formatGoFloat(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', head = '', tail = '', power = '0'] = match;
  const exponent = Number(power);
  const digits = head + tail;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + digits.padEnd(exponent + 1, '0');
}
