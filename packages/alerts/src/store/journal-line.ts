import { crc32 } from 'node:zlib';

/** One change: `[table, key, value]`, or `[table, key]` when the key is gone. */
export type Change = readonly [table: string, key: string, value?: unknown];

/** A line of the journal. Changes count when the line that ends their transaction is there too. */
export interface JournalLine {
  readonly changes: readonly Change[];
  readonly endsTransaction: boolean;
}

/** JSON knows no NaN and no infinity; values of alerts do. */
const NOT_FINITE = new Map([
  ['\u0000NaN', Number.NaN],
  ['\u0000Infinity', Number.POSITIVE_INFINITY],
  ['\u0000-Infinity', Number.NEGATIVE_INFINITY],
]);

/** The JSON of a change, that {@link encodeLine} puts together with others. */
export function encodeChange(change: Change): string {
  // A replacer takes five times as long. Without one a number that is not finite becomes null, which nothing else is.
  const text = JSON.stringify(change);
  if (!text.includes('null')) return text;
  return JSON.stringify(change, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? `\u0000${value}` : value,
  );
}

/** Checksum, a mark, and the changes: `3f2a9c11 . [["alert","k",{}]]`. The mark is `.` at the end of a transaction. */
export function encodeLine(changes: readonly string[], endsTransaction: boolean): string {
  const text = `${endsTransaction ? '.' : '+'} [${changes.join(',')}]`;
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`;
}

/** Reads a line without its end; `undefined` when it is damaged. */
export function decodeLine(line: string): JournalLine | undefined {
  const checksum = line.slice(0, 8);
  const text = line.slice(9);
  if (crc32(text).toString(16).padStart(8, '0') !== checksum) return undefined;
  try {
    const changes = JSON.parse(text.slice(2), (_, value: unknown) =>
      typeof value === 'string' ? (NOT_FINITE.get(value) ?? value) : value,
    ) as Change[];
    return { changes, endsTransaction: text.startsWith('.') };
  } catch {
    return undefined;
  }
}
