import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { labelOf, type LabelSet } from '../../labels/label-set.ts';
import type { MatcherTest } from '../../labels/match.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readLabels, writeLabels } from './label-code.ts';

/** A series of a segment, by its place in the columns. */
export interface TableEntry {
  readonly labels: LabelSet;
  /** Which of the segment's axes it stands on. */
  readonly axis: number;
}

/** @param entries - Sorted by key: two segments with the same series then have the same bytes. */
export function encodeLabelTable(entries: readonly TableEntry[]): Buffer {
  const writer = new ByteWriter();
  writer.varint(entries.length);
  for (const { labels, axis } of entries) {
    writer.varint(axis);
    writeLabels(writer, labels);
  }
  return deflateRawSync(writer.bytes());
}

/** Decoded in well under a millisecond. */
const ENTRIES_A_PIECE = 500;

/** The entries in pieces, so that the event loop can turn in between. @throws an error when the bytes are no such table. */
export function* decodeLabelTable(bytes: Buffer): Generator<readonly TableEntry[], void> {
  const reader = new ByteReader(inflateRawSync(bytes));
  const texts = new Map<string, string>();
  let piece: TableEntry[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const axis = reader.varint();
    piece.push({ axis, labels: readLabels(reader, texts) });
    if (piece.length < ENTRIES_A_PIECE) continue;
    yield piece;
    piece = [];
  }
  yield piece;
}

/** The places of the series that satisfy all matchers, ascending. */
export function findEntries(
  entries: readonly TableEntry[],
  tests: readonly MatcherTest[],
): readonly number[] {
  const places: number[] = [];
  for (const [place, { labels }] of entries.entries()) {
    if (tests.every(({ matcher, accepts }) => accepts(labelOf(labels, matcher.name)))) places.push(place);
  }
  return places;
}

/** All values of a label, with repetitions. */
export function* valuesIn(entries: readonly TableEntry[], name: string): Iterable<string> {
  for (const { labels } of entries) yield labelOf(labels, name);
}
