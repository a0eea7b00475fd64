import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

// A segment: magic, the columns one after the other, then three tables (axes, labels, columns) and a trailer
// that says how long the tables are. It is written once and never changed.

/** First and last bytes of a segment; the digit is the version of the format. */
export const SEGMENT_MAGIC: Buffer = Buffer.from('TIDESEG1');

/** The collects of one source within a segment. */
export interface SegmentAxis {
  readonly id: string;
  /** Milliseconds, strictly ascending, at least one. */
  readonly times: Float64Array;
}

/** Where a column is in the file. */
export interface ColumnPlace {
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
}

export function encodeAxes(axes: readonly SegmentAxis[]): Buffer {
  const writer = new ByteWriter();
  writer.varint(axes.length);
  for (const { id, times } of axes) {
    writer.text(id);
    writer.varint(times.length);
    let before = 0;
    for (const time of times) {
      writer.signed(time - before);
      before = time;
    }
  }
  return deflateRawSync(writer.bytes());
}

export function decodeAxes(bytes: Buffer): readonly SegmentAxis[] {
  const reader = new ByteReader(inflateRawSync(bytes));
  const axes: SegmentAxis[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const id = reader.text();
    const times = new Float64Array(reader.varint());
    let time = 0;
    for (let at = 0; at < times.length; at++) {
      time += reader.signed();
      times[at] = time;
    }
    axes.push({ id, times });
  }
  return axes;
}

export function encodeColumnPlaces(places: readonly ColumnPlace[]): Buffer {
  const writer = new ByteWriter();
  for (const { length, crc } of places) {
    writer.varint(length);
    writer.uint32(crc);
  }
  return Buffer.from(writer.bytes());
}

/** {@link ColumnPlace} of every column, as columns. */
export interface ColumnPlaces {
  readonly offsets: Float64Array;
  readonly lengths: Uint32Array;
  readonly crcs: Uint32Array;
}

export function decodeColumnPlaces(bytes: Buffer): ColumnPlaces {
  const reader = new ByteReader(bytes);
  const offsets: number[] = [];
  const lengths: number[] = [];
  const crcs: number[] = [];
  let offset = SEGMENT_MAGIC.length;
  while (!reader.isAtEnd) {
    const length = reader.varint();
    offsets.push(offset);
    lengths.push(length);
    crcs.push(reader.uint32());
    offset += length;
  }
  return {
    offsets: Float64Array.from(offsets),
    lengths: Uint32Array.from(lengths),
    crcs: Uint32Array.from(crcs),
  };
}

/** Lengths of the three tables and a checksum of each, in their order. */
export interface Trailer {
  readonly lengths: readonly [axes: number, labels: number, columns: number];
  readonly crcs: readonly [axes: number, labels: number, columns: number];
}

export const TRAILER_BYTES: number = 7 * 4 + SEGMENT_MAGIC.length;

export function encodeTrailer(tables: readonly [Buffer, Buffer, Buffer]): Buffer {
  const trailer = Buffer.alloc(TRAILER_BYTES);
  for (const [at, table] of tables.entries()) {
    trailer.writeUInt32LE(table.length, at * 4);
    trailer.writeUInt32LE(crc32(table), 12 + at * 4);
  }
  trailer.writeUInt32LE(crc32(trailer.subarray(0, 24)), 24);
  trailer.set(SEGMENT_MAGIC, 28);
  return trailer;
}

/** `undefined` when it is no trailer. */
export function decodeTrailer(bytes: Buffer): Trailer | undefined {
  if (bytes.length !== TRAILER_BYTES || !bytes.subarray(28).equals(SEGMENT_MAGIC)) return undefined;
  if (crc32(bytes.subarray(0, 24)) !== bytes.readUInt32LE(24)) return undefined;
  const number = (at: number): number => bytes.readUInt32LE(at * 4);
  return { lengths: [number(0), number(1), number(2)], crcs: [number(3), number(4), number(5)] };
}
