/** A number literal of a template: an int is a bigint, a float64 a number; `undefined` when it is neither. */
export function parseNumber(text: string): bigint | number | undefined {
  const char = /^'(.|\\.)'$/su.exec(text)?.[1];
  if (char !== undefined) {
    const escapes: Record<string, string> = { '\\n': '\n', '\\t': '\t', "\\'": "'", '\\\\': '\\' };
    return BigInt((escapes[char] ?? char).codePointAt(0) ?? 0);
  }
  const digits = text.replaceAll('_', '');
  const isHex = /^[+-]?0[xX]/.test(digits);
  if (!isHex && /[.eE]/.test(digits)) {
    const number = Number(digits);
    return Number.isNaN(number) ? undefined : number;
  }
  const sign = digits.startsWith('-') ? -1n : 1n;
  const magnitude = digits.replace(/^[+-]/, '');
  const isOctal = /^0[0-7]+$/.test(magnitude);
  try {
    return sign * BigInt(isOctal ? `0o${magnitude}` : magnitude);
  } catch {
    return undefined;
  }
}
