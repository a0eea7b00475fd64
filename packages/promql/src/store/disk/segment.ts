import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { SelectedSeries } from '../../engine/sample-source.ts';
import type { LabelSet } from '../../labels/label-set.ts';
import type { LabelMatcher } from '../../language/ast.ts';
import { firstAfter, presentSamples } from '../read-series.ts';
import { decodeColumn } from './column-code.ts';
import type { LabelTableCache } from './label-table-cache.ts';
import { findEntries, type TableEntry } from './label-table.ts';
import {
  decodeAxes,
  decodeColumnPlaces,
  decodeTrailer,
  SEGMENT_MAGIC,
  TRAILER_BYTES,
  type ColumnPlace,
  type SegmentAxis,
  type Trailer,
} from './segment-format.ts';

/** The file is no segment, or not the one that was written. */
export class BrokenSegment extends Error {
  override readonly name = 'BrokenSegment';
}

/** Reading past this many unwanted bytes is cheaper than another read. */
const WORTH_READING_BYTES = 16_384;

/** Two hours or so of samples in a file that never changes. Only times are kept in memory. */
export class Segment {
  readonly path: string;
  readonly bytes: number;
  readonly axes: readonly SegmentAxis[];
  readonly #trailer: Trailer;
  readonly #cache: LabelTableCache;

  /**
   * Checks all but the columns, which are checked when they are read.
   *
   * @throws {@link BrokenSegment}, or an error of the file system.
   */
  constructor(path: string, cache: LabelTableCache) {
    this.path = path;
    this.#cache = cache;
    const fd = openSync(path, 'r');
    try {
      this.bytes = fstatSync(fd).size;
      const magic = readAt(fd, 0, SEGMENT_MAGIC.length);
      const trailer = decodeTrailer(readAt(fd, Math.max(0, this.bytes - TRAILER_BYTES), TRAILER_BYTES));
      if (!magic.equals(SEGMENT_MAGIC) || trailer === undefined) {
        throw new BrokenSegment('it does not begin and end as a segment');
      }
      this.#trailer = trailer;
      for (const table of [1, 2] as const) this.#table(fd, table);
      this.axes = decoded(() => decodeAxes(this.#table(fd, 0)));
    } finally {
      closeSync(fd);
    }
  }

  get lastMs(): number {
    return this.axes.reduce((last, { times }) => Math.max(last, times.at(-1) ?? -Infinity), -Infinity);
  }

  /** Whether any axis was collected within the times, both included. */
  overlaps(fromMs: number, toMs: number): boolean {
    return this.axes.some(({ times }) => (times[0] as number) <= toMs && (times.at(-1) as number) >= fromMs);
  }

  /**
   * Series that satisfy all matchers, with their samples of `fromMs < time <= untilMs(axis)`.
   *
   * @throws {@link BrokenSegment}, or an error of the file system.
   */
  select(
    matchers: readonly LabelMatcher[],
    fromMs: number,
    untilMs: (axisId: string) => number,
  ): readonly SelectedSeries[] {
    const slots = this.axes.map(({ id, times }) => {
      const within = { times, length: times.length };
      return { from: firstAfter(within, fromMs), to: firstAfter(within, untilMs(id)) };
    });
    if (slots.every(({ from, to }) => from >= to)) return [];
    return this.#read((fd) => {
      const entries = this.#entries(fd);
      const places = decoded(() => decodeColumnPlaces(this.#table(fd, 2)));
      const wanted = findEntries(entries, matchers)
        .map((place) => ({ entry: entries[place] as TableEntry, place: places[place] }))
        .filter(({ entry }) => {
          const slot = slots[entry.axis];
          return slot !== undefined && slot.from < slot.to;
        });
      const columns = readColumns(
        fd,
        wanted.map(({ place }) => place),
      );
      return wanted.flatMap(({ entry }, at) => {
        const { times } = this.axes[entry.axis] as SegmentAxis;
        const { from, to } = slots[entry.axis] as { from: number; to: number };
        const column = decoded(() => decodeColumn(columns[at] as Buffer, times.length));
        const part = { values: column.values.subarray(from, to), flags: column.flags.subarray(from, to) };
        return presentSamples(entry.labels, times.subarray(from, to), part) ?? [];
      });
    });
  }

  /** Labels of its series that satisfy all matchers. @throws as {@link Segment.select} */
  series(matchers: readonly LabelMatcher[]): readonly LabelSet[] {
    return this.#read((fd) => {
      const entries = this.#entries(fd);
      return findEntries(entries, matchers).map((place) => (entries[place] as TableEntry).labels);
    });
  }

  #entries(fd: number): readonly TableEntry[] {
    return decoded(() => this.#cache.get(this.#table(fd, 1)));
  }

  #read<T>(read: (fd: number) => T): T {
    const fd = openSync(this.path, 'r');
    try {
      return read(fd);
    } finally {
      closeSync(fd);
    }
  }

  #table(fd: number, table: 0 | 1 | 2): Buffer {
    const { lengths, crcs } = this.#trailer;
    const behind = lengths.slice(table).reduce((sum, length) => sum + length, 0);
    const offset = this.bytes - TRAILER_BYTES - behind;
    if (offset < SEGMENT_MAGIC.length) throw new BrokenSegment('its tables do not fit into it');
    const bytes = readAt(fd, offset, lengths[table]);
    if (crc32(bytes) !== crcs[table]) throw new BrokenSegment('a checksum of its tables is wrong');
    return bytes;
  }
}

/** The bytes of each place; neighbours are read together. */
function readColumns(fd: number, places: readonly (ColumnPlace | undefined)[]): readonly Buffer[] {
  const columns: Buffer[] = [];
  for (let first = 0; first < places.length;) {
    const start = placeAt(places, first);
    let next = first + 1;
    let end = start.offset + start.length;
    while (next < places.length && placeAt(places, next).offset - end <= WORTH_READING_BYTES) {
      const { offset, length } = placeAt(places, next);
      end = offset + length;
      next += 1;
    }
    const run = readAt(fd, start.offset, end - start.offset);
    for (; first < next; first++) {
      const { offset, length, crc } = placeAt(places, first);
      const column = run.subarray(offset - start.offset, offset - start.offset + length);
      if (column.length !== length || crc32(column) !== crc) {
        throw new BrokenSegment('the checksum of a column is wrong');
      }
      columns.push(column);
    }
  }
  return columns;
}

function placeAt(places: readonly (ColumnPlace | undefined)[], at: number): ColumnPlace {
  const place = places[at];
  if (place === undefined) throw new BrokenSegment('it has fewer columns than series');
  return place;
}

function readAt(fd: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const read = readSync(fd, bytes, at, length - at, offset + at);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
}

/** Bytes with the right checksum that cannot be decoded are broken all the same. */
function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof BrokenSegment || isSystemError(cause)) throw cause;
    throw new BrokenSegment('it cannot be decoded', { cause });
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
