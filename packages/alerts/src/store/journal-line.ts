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

/** The JSON of a change, that a {@link LineWriter} puts together with others. */
export function encodeChange(change: Change): string {
  // A replacer takes five times as long. Without one a number that is not finite becomes null, which nothing else is.
  const text = JSON.stringify(change);
  if (!text.includes('null')) return text;
  return JSON.stringify(change, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? `\u0000${value}` : value,
  );
}

/** Makes lines in one buffer, again and again: a line is over with the next one. */
export interface LineWriter {
  /** Bytes of the line so far. */
  readonly length: number;
  /** Adds the JSON of a change. */
  add(change: string): void;
  /**
   * Ends the line: checksum, a mark, and the changes, such as `3f2a9c11 . [["alert","k",{}]]`. The mark is `.` at the
   * end of a transaction.
   *
   * @returns the line, valid until the next change is added
   */
  end(endsTransaction: boolean): Buffer;
}

/** Where the changes begin: checksum, space, mark, space, bracket. */
const HEAD_BYTES = 12;

/** @param bytes - Of the buffer at first; it grows with the longest line. */
export function createLineWriter(bytes = 65_536): LineWriter {
  let buffer = Buffer.alloc(bytes);
  let length = 0;

  /** No UTF-16 unit takes more than three bytes of UTF-8; a comma, and the end of the line. */
  function makeRoom(chars: number): void {
    const needed = Math.max(length, HEAD_BYTES) + 3 * chars + 3;
    if (needed > buffer.length) buffer = Buffer.concat([buffer.subarray(0, length)], 2 * needed);
  }

  return {
    get length() {
      return length;
    },
    add(change) {
      makeRoom(change.length);
      if (length === 0) length = HEAD_BYTES;
      else length += buffer.write(',', length);
      length += buffer.write(change, length);
    },
    end(endsTransaction) {
      makeRoom(0);
      length = Math.max(length, HEAD_BYTES);
      buffer.write(endsTransaction ? ' . [' : ' + [', 8);
      length += buffer.write(']', length);
      const checksum = crc32(buffer.subarray(9, length));
      buffer.write(checksum.toString(16).padStart(8, '0'));
      length += buffer.write('\n', length);
      const line = buffer.subarray(0, length);
      length = 0;
      return line;
    },
  };
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
