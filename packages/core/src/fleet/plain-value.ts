/** Fields of a prediction that may be a record of texts or numbers by name. */
const RECORDS: ReadonlySet<string> = new Set(['scores', 'segments']);

/**
 * What of a field can travel: a text, a number, a list of them, or a record of them where the field may be one.
 * Anything else becomes `null`, which the monitor refuses and counts: one value that cannot be written would lose the
 * whole message.
 */
export function plainValue(field: string, value: unknown): unknown {
  if (isPlain(value)) return value;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as Float64Array, orNull);
  }
  if (Array.isArray(value)) return value.map(orNull);
  if (!RECORDS.has(field) || typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, orNull(part)]));
}

function orNull(value: unknown): unknown {
  return isPlain(value) ? value : null;
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
