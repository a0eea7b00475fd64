import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Pause } from '../../labels/match.ts';
import { firstAfter } from '../read-series.ts';
import { decodeColumn } from './column-code.ts';
import type { ChunkColumn } from '../stored-series.ts';
import type { ColumnCache } from './column-cache.ts';
import { LabelTableCache } from './label-table-cache.ts';
import { decodeLabelTable, type TableEntry } from './label-table.ts';
import {
  decodeAxes,
  decodeColumnPlaces,
  decodeTrailer,
  SEGMENT_MAGIC,
  TRAILER_BYTES,
  type ColumnPlace,
  type ColumnPlaces,
  type SegmentAxis,
  type Trailer,
} from './segment-format.ts';
import type { Pace } from './pace.ts';

/** The file is no segment, or not the one that was written. */
export class BrokenSegment extends Error {
  override readonly name = 'BrokenSegment';
}

/** Reading past this many unwanted bytes is cheaper than another read. */
const WORTH_READING_BYTES = 16_384;

/** Decoded parts of segments, shared by all of a store. */
export interface SegmentCaches {
  readonly tables: LabelTableCache;
  readonly columns: ColumnCache;
}

/** The slots of an axis from `from` up to but not including `to`. */
export interface Slots {
  /** Of these slots: the same array for all series. */
  readonly times: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** Two hours or so of samples in a file that never changes. Times and places are kept in memory. */
export class Segment {
  readonly path: string;
  readonly sequence: number;
  readonly bytes: number;
  readonly axes: readonly SegmentAxis[];
  readonly #trailer: Trailer;
  readonly #caches: SegmentCaches;
  readonly #labelsKey: string;
  /** 16 bytes a series, once its columns have been asked for. */
  #places: ColumnPlaces | undefined;

  /**
   * Checks all but the columns, which are checked when they are read.
   *
   * @throws {@link BrokenSegment}, or an error of the file system.
   */
  constructor(path: string, sequence: number, caches: SegmentCaches) {
    this.path = path;
    this.sequence = sequence;
    this.#caches = caches;
    const fd = openSync(path, 'r');
    try {
      this.bytes = fstatSync(fd).size;
      const magic = readAt(fd, 0, SEGMENT_MAGIC.length);
      const trailer = decodeTrailer(readAt(fd, Math.max(0, this.bytes - TRAILER_BYTES), TRAILER_BYTES));
      if (!magic.equals(SEGMENT_MAGIC) || trailer === undefined) {
        throw new BrokenSegment('it does not begin and end as a segment');
      }
      this.#trailer = trailer;
      this.#labelsKey = LabelTableCache.keyOf(this.#table(fd, 1));
      this.#table(fd, 2);
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

  /** The slots of each axis with `fromMs < time <= untilMs(axis)`. */
  slotsOf(fromMs: number, untilMs: (axisId: string) => number): readonly Slots[] {
    return this.axes.map(({ id, times }) => {
      const within = { times, length: times.length };
      const [from, to] = [firstAfter(within, fromMs), firstAfter(within, untilMs(id))];
      return { times: times.subarray(from, to), from, to };
    });
  }

  /**
   * Its series by their places.
   *
   * @throws {@link BrokenSegment}, an error of the file system, or what a pause rejects with.
   */
  async entries(pause: Pause): Promise<readonly TableEntry[]> {
    const known = this.#caches.tables.get(this.#labelsKey);
    if (known !== undefined) return known;
    const pieces = decodeLabelTable(this.#labelTable());
    const entries: TableEntry[] = [];
    for (;;) {
      const { value, done } = decoded(() => pieces.next());
      if (done === true) return this.#caches.tables.add(this.#labelsKey, entries);
      entries.push(...value);
      await pause();
    }
  }

  #labelTable(): Buffer {
    const fd = openSync(this.path, 'r');
    try {
      return this.#table(fd, 1);
    } finally {
      closeSync(fd);
    }
  }

  /**
   * The columns at these places, which ascend.
   *
   * Reads of some ten kilobytes between turns of the event loop: to hand each to a thread costs more than the read.
   *
   * @param pace - Told of every slot decoded.
   * @param keeps - Whether the columns are worth remembering for the next query.
   * @throws {@link BrokenSegment}, an error of the file system, or what a pause rejects with.
   */
  async readColumns(places: readonly number[], pace: Pace, keeps: boolean): Promise<readonly ChunkColumn[]> {
    const columns = places.map((place) => this.#caches.columns.get(this.sequence, place));
    if (columns.every((column) => column !== undefined)) return columns;
    const missing = [...columns.keys()].filter((at) => columns[at] === undefined);
    const entries = await this.entries(() => pace.pause());
    const fd = openSync(this.path, 'r');
    try {
      const all = (this.#places ??= decoded(() => decodeColumnPlaces(this.#table(fd, 2))));
      const wanted = missing.map((at) => placeAt(all, places[at] as number));
      for (const [next, bytes] of readRuns(fd, wanted)) {
        const at = missing[next] as number;
        const place = places[at] as number;
        const length = this.axes[entries[place]?.axis ?? -1]?.times.length;
        if (length === undefined) throw new BrokenSegment('a series stands on no axis');
        const column = decoded(() => decodeColumn(bytes, length));
        if (keeps) this.#caches.columns.add(this.sequence, place, column);
        columns[at] = column;
        if (pace.isDue(length)) await pace.pause();
      }
    } finally {
      closeSync(fd);
    }
    return columns as readonly ChunkColumn[];
  }

  #table(fd: number, table: 0 | 1 | 2): Buffer {
    const bytes = readAt(fd, this.#offsetOf(table), this.#trailer.lengths[table]);
    if (crc32(bytes) !== this.#trailer.crcs[table]) {
      throw new BrokenSegment('a checksum of its tables is wrong');
    }
    return bytes;
  }

  #offsetOf(table: 0 | 1 | 2): number {
    const behind = this.#trailer.lengths.slice(table).reduce((sum, length) => sum + length, 0);
    const offset = this.bytes - TRAILER_BYTES - behind;
    if (offset < SEGMENT_MAGIC.length) throw new BrokenSegment('its tables do not fit into it');
    return offset;
  }
}

/** The bytes of each place, with its index; neighbours are read together. */
function* readRuns(
  fd: number,
  places: readonly ColumnPlace[],
): Generator<readonly [index: number, bytes: Buffer], void> {
  for (let first = 0; first < places.length;) {
    const start = (places[first] as ColumnPlace).offset;
    let next = first;
    let end = start;
    for (; next < places.length; next++) {
      const { offset, length } = places[next] as ColumnPlace;
      if (next > first && offset - end > WORTH_READING_BYTES) break;
      end = offset + length;
    }
    const run = readAt(fd, start, end - start);
    for (; first < next; first++) {
      const { offset, length, crc } = places[first] as ColumnPlace;
      const bytes = run.subarray(offset - start, offset - start + length);
      if (bytes.length !== length || crc32(bytes) !== crc) {
        throw new BrokenSegment('the checksum of a column is wrong');
      }
      yield [first, bytes];
    }
  }
}

function placeAt({ offsets, lengths, crcs }: ColumnPlaces, at: number): ColumnPlace {
  const [offset, length, crc] = [offsets[at], lengths[at], crcs[at]];
  if (offset === undefined || length === undefined || crc === undefined) {
    throw new BrokenSegment('it has fewer columns than series');
  }
  return { offset, length, crc };
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
