/** A number as decimal digits: 0.d₁d₂d₃… × 10^point. Exact, but for digits after the 101st. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/**
 * Formats a float64 as Go's strconv does; JavaScript's own printing differs (`1e+06`, `1e-05`, half to even).
 *
 * @param precision - Digits after the point for `e` and `f`, significant digits for `g`; -1 is the shortest that reads back.
 * @see https://pkg.go.dev/strconv#FormatFloat
 */
export function formatFloat(value: number, verb: 'e' | 'f' | 'g', precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + formatMagnitude(Math.abs(value), verb, precision);
}

function formatMagnitude(magnitude: number, verb: 'e' | 'f' | 'g', precision: number): string {
  const isShortest = precision < 0;
  const decimal = isShortest ? shortestDecimal(magnitude) : exactDecimal(magnitude);
  if (verb === 'e') {
    const rounded = isShortest ? decimal : round(decimal, precision + 1);
    return scientific(rounded, isShortest ? significantDigits(rounded) - 1 : precision);
  }
  if (verb === 'f') {
    const rounded = isShortest ? decimal : round(decimal, decimal.point + precision);
    return fixed(rounded, isShortest ? Math.max(significantDigits(rounded) - rounded.point, 0) : precision);
  }
  const wanted = isShortest ? decimal.digits.length : Math.max(precision, 1);
  const rounded = round(decimal, wanted);
  const exponent = magnitude === 0 ? 0 : rounded.point - 1;
  const threshold = isShortest ? 6 : wanted;
  if (exponent < -4 || exponent >= Math.max(threshold, isShortest ? 0 : 1)) {
    return scientific(rounded, significantDigits(rounded) - 1);
  }
  return fixed(rounded, Math.max(significantDigits(rounded) - rounded.point, 0));
}

function shortestDecimal(magnitude: number): Decimal {
  return fromExponential(magnitude.toExponential());
}

/** ECMAScript's most; Go's own digits end earlier for every value that a template prints. */
const MAX_FRACTION = 100;

function exactDecimal(magnitude: number): Decimal {
  if (magnitude >= 2 ** 53) {
    const digits = BigInt(magnitude).toString();
    return { digits, point: digits.length };
  }
  return fromExponential(magnitude.toExponential(MAX_FRACTION));
}

function fromExponential(text: string): Decimal {
  const [mantissa = '0', exponent = '0'] = text.split('e');
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 };
}

/** Keeps `count` digits, half to even as Go does; JavaScript's toFixed and toPrecision round half up. */
function round({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: '0', point: 1 };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const isTie = /^50*$/.test(rest);
  const lastIsOdd = Number(kept.at(-1) ?? '0') % 2 === 1;
  const roundsUp = isTie ? lastIsOdd : rest >= '5';
  if (!roundsUp) return { digits: kept === '' ? '0' : kept, point: kept === '' ? 1 : point };
  const raised = (BigInt(kept === '' ? '0' : kept) + 1n).toString().padStart(count, '0');
  const hasCarried = raised.length > count;
  return { digits: raised, point: hasCarried ? point + 1 : point };
}

function significantDigits({ digits }: Decimal): number {
  return Math.max(digits.replace(/0+$/, '').length, 1);
}

function scientific({ digits, point }: Decimal, fraction: number): string {
  const padded = digits.padEnd(fraction + 1, '0');
  const isZero = /^0+$/.test(digits);
  const exponent = isZero ? 0 : point - 1;
  const tail = fraction > 0 ? `.${padded.slice(1, fraction + 1)}` : '';
  const exponentDigits = String(Math.abs(exponent)).padStart(2, '0');
  return `${padded[0] ?? '0'}${tail}e${exponent < 0 ? '-' : '+'}${exponentDigits}`;
}

function fixed({ digits, point }: Decimal, fraction: number): string {
  const whole = point <= 0 ? '0' : digits.slice(0, point).padEnd(point, '0');
  if (fraction === 0) return whole;
  const shifted = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  return `${whole}.${shifted.padEnd(fraction, '0').slice(0, fraction)}`;
}
