import type { LabelSet } from '../../labels/label-set.ts';
import type { Collect } from '../collect.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readLabels, writeLabels } from './label-code.ts';

/**
 * One collect as bytes: axis, time, labels of series new to the file, series with a value, values, ended series.
 *
 * Series are numbered by their order of appearance in the file, and written as the step from one to the next,
 * which is nearly always 1.
 *
 * @param ids - The numbers given so far, by the key of the label set. Not changed.
 * @returns The bytes, and the new series in the order of their numbers.
 */
export function encodeCollect(
  { axisId, timeMs, series, values, ended }: Collect,
  ids: ReadonlyMap<string, number>,
): { readonly bytes: Buffer; readonly added: readonly LabelSet[] } {
  const own = new Map<string, number>();
  const added: LabelSet[] = [];
  const idOf = (labels: LabelSet): number => {
    const known = ids.get(labels.key) ?? own.get(labels.key);
    if (known !== undefined) return known;
    const id = ids.size + added.length;
    own.set(labels.key, id);
    added.push(labels);
    return id;
  };
  const seriesIds = series.map(idOf);
  const endedIds = ended.map(idOf);

  const writer = new ByteWriter();
  writer.text(axisId);
  writer.float(timeMs);
  writer.varint(added.length);
  for (const labels of added) writeLabels(writer, labels);
  writeIds(writer, seriesIds);
  for (const value of values) writer.float(value);
  writeIds(writer, endedIds);
  return { bytes: writer.bytes(), added };
}

/**
 * The collect of a record.
 *
 * @param known - The series of the file so far, by number. New ones are added.
 * @throws `RangeError` when the bytes are no collect.
 */
export function decodeCollect(bytes: Buffer, known: LabelSet[], texts: Map<string, string>): Collect {
  const reader = new ByteReader(bytes);
  const axisId = reader.text();
  const timeMs = reader.float();
  for (let left = reader.varint(); left > 0; left--) known.push(readLabels(reader, texts));
  const series = readIds(reader, known);
  const values = series.map(() => reader.float());
  const ended = readIds(reader, known);
  return { axisId, timeMs, series, values, ended };
}

function writeIds(writer: ByteWriter, ids: readonly number[]): void {
  writer.varint(ids.length);
  let before = -1;
  for (const id of ids) {
    writer.signed(id - before);
    before = id;
  }
}

function readIds(reader: ByteReader, known: readonly LabelSet[]): LabelSet[] {
  const series: LabelSet[] = [];
  let id = -1;
  for (let left = reader.varint(); left > 0; left--) {
    id += reader.signed();
    const labels = known[id];
    if (labels === undefined) throw new RangeError(`series ${id} is not in the file`);
    series.push(labels);
  }
  return series;
}
