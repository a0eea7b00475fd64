import { open, rename, rm } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Axis } from '../axis.ts';
import type { Head } from '../head.ts';
import { readColumn, sliceAxis, type AxisSlice } from '../read-series.ts';
import { ABSENT } from '../stored-series.ts';
import { encodeColumn } from './column-code.ts';
import { encodeLabelTable, type TableEntry } from './label-table.ts';
import {
  encodeAxes,
  encodeColumnPlaces,
  encodeTrailer,
  SEGMENT_MAGIC,
  type ColumnPlace,
  type SegmentAxis,
} from './segment-format.ts';
import { syncFolder } from './sync-folder.ts';

/** Columns encoded in one turn of the event loop: about 3 ms at 480 samples each. */
const COLUMNS_A_TURN = 32;

/**
 * Writes what the head holds after the sealed time of each axis, up to a given one, as a segment.
 *
 * The file appears under its name only when it is complete and on the disk.
 *
 * @param untilMs - The last time to write, by axis.
 * @returns Whether there was anything to write.
 * @throws an error of the file system; then no file is left.
 */
export async function writeSegment(
  path: string,
  head: Head,
  untilMs: ReadonlyMap<Axis, number>,
): Promise<boolean> {
  const { axes, slices } = slicesOf(head, untilMs);
  if (axes.length === 0) return false;
  const series = [...head.index.all()]
    .filter((each) => slices.has(each.axis))
    .sort((a, b) => (a.labels.key < b.labels.key ? -1 : 1));
  const entries: TableEntry[] = [];
  const places: ColumnPlace[] = [];
  const draft = `${path}.tmp`;
  const file = await open(draft, 'w');
  try {
    await file.appendFile(SEGMENT_MAGIC);
    for (let at = 0; at < series.length; at += COLUMNS_A_TURN) {
      const turn: Buffer[] = [];
      for (const each of series.slice(at, at + COLUMNS_A_TURN)) {
        const { slice, axis } = slices.get(each.axis) as PlacedSlice;
        const column = readColumn(each, slice);
        if (column === undefined || column.flags.every((flag) => flag === ABSENT)) continue;
        const bytes = encodeColumn(column);
        turn.push(bytes);
        places.push({ offset: 0, length: bytes.length, crc: crc32(bytes) });
        entries.push({ labels: each.labels, axis });
      }
      await file.appendFile(Buffer.concat(turn));
      await nextTurn();
    }
    const tables = [encodeAxes(axes), encodeLabelTable(entries), encodeColumnPlaces(places)] as const;
    await file.appendFile(Buffer.concat([...tables, encodeTrailer(tables)]));
    await file.datasync();
    await file.close();
    await rename(draft, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(path);
  return true;
}

interface PlacedSlice {
  readonly slice: AxisSlice;
  /** Number of the axis within the segment. */
  readonly axis: number;
}

function slicesOf(
  head: Head,
  untilMs: ReadonlyMap<Axis, number>,
): { readonly axes: readonly SegmentAxis[]; readonly slices: ReadonlyMap<Axis, PlacedSlice> } {
  const axes: SegmentAxis[] = [];
  const slices = new Map<Axis, PlacedSlice>();
  for (const [id, axis] of head.axes) {
    const slice = sliceAxis(axis, axis.sealedMs, untilMs.get(axis) ?? axis.sealedMs);
    if (slice.times.length === 0) continue;
    slices.set(axis, { slice, axis: axes.length });
    axes.push({ id, times: slice.times });
  }
  return { axes, slices };
}
