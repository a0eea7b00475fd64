import type { SelectedSeries } from '../../engine/sample-source.ts';
import type { LabelSet } from '../../labels/label-set.ts';
import type { MatcherTest, Pause } from '../../labels/match.ts';
import { presentSamples } from '../read-series.ts';
import { ColumnCache } from './column-cache.ts';
import { findEntries, valuesIn, type TableEntry } from './label-table.ts';
import { Pace } from './pace.ts';
import type { Segment, Slots } from './segment.ts';

export interface SegmentSelection {
  readonly tests: readonly MatcherTest[];
  readonly fromMs: number;
  readonly untilMs: (axisId: string) => number;
  readonly pause: Pause;
}

/** Series read together: neighbours in the file, and a few milliseconds of decoding. */
const SERIES_A_BATCH = 64;

/** Series noted down in one turn. */
const PLACES_A_TURN = 1_024;

/** A series in one segment. */
interface Part {
  readonly segment: Segment;
  readonly place: number;
  readonly slots: Slots;
}

/**
 * The samples of a selection in these segments, which are given oldest first: the parts of one series after another.
 *
 * @param onError - What to do about a segment that cannot be read; it is left out.
 */
export async function* readSegments(
  segments: readonly Segment[],
  selection: SegmentSelection,
  onError: (segment: Segment, error: unknown) => void,
): AsyncGenerator<readonly SelectedSeries[], void> {
  const { found, columns, columnSlots } = await findSeries(segments, selection, onError);
  const keeps = ColumnCache.fits(columns, columnSlots);
  const broken = new Set<Segment>();
  const pace = new Pace(selection.pause);
  for (let first = 0; first < found.length; first += SERIES_A_BATCH) {
    const batch = found.slice(first, first + SERIES_A_BATCH);
    const read = batch.map((): SelectedSeries[] => []);
    const wanted = placesOf(batch);
    for (const segment of segments) {
      const places = wanted.get(segment);
      if (places === undefined || broken.has(segment)) continue;
      try {
        const decoded = await segment.readColumns(
          places.map(({ part }) => part.place),
          pace,
          keeps,
        );
        for (const [at, { series, part }] of places.entries()) {
          const column = decoded[at];
          if (column === undefined) continue;
          const { times, from, to } = part.slots;
          const { values, flags } = column;
          const within = { values: values.subarray(from, to), flags: flags.subarray(from, to) };
          const samples = presentSamples(batch[series]!.labels, times, within);
          if (samples !== undefined) read[series]!.push(samples);
        }
      } catch (error) {
        onError(segment, error);
        broken.add(segment);
      }
    }
    for (const parts of read) if (parts.length > 0) yield parts;
  }
}

interface FoundSeries {
  readonly labels: LabelSet;
  readonly parts: Part[];
}

interface Found {
  readonly found: readonly FoundSeries[];
  /** Columns that must be read, and all of their slots together. */
  readonly columns: number;
  readonly columnSlots: number;
}

async function findSeries(
  segments: readonly Segment[],
  { tests, fromMs, untilMs, pause }: SegmentSelection,
  onError: (segment: Segment, error: unknown) => void,
): Promise<Found> {
  const found = new Map<string, FoundSeries>();
  let noted = 0;
  let columnSlots = 0;
  // Segments with the same series share their table, and so what is found in it.
  const placesIn = new Map<readonly TableEntry[], readonly number[]>();
  for (const segment of segments) {
    const slots = segment.slotsOf(fromMs, untilMs);
    if (slots.every(({ from, to }) => from >= to)) continue;
    let entries: readonly TableEntry[];
    try {
      entries = await segment.entries(pause);
    } catch (error) {
      onError(segment, error);
      continue;
    }
    let places = placesIn.get(entries);
    if (places === undefined) {
      places = await findPlaces(entries, tests, pause);
      placesIn.set(entries, places);
    }
    for (const place of places) {
      const { labels, axis } = entries[place] as TableEntry;
      const own = slots[axis];
      if (own === undefined || own.from >= own.to) continue;
      noted += 1;
      columnSlots += segment.axes[axis]?.times.length ?? 0;
      if (noted % PLACES_A_TURN === 0) await pause();
      const part = { segment, place, slots: own };
      const known = found.get(labels.key);
      if (known === undefined) found.set(labels.key, { labels, parts: [part] });
      else known.parts.push(part);
    }
  }
  return { found: [...found.values()], columns: noted, columnSlots };
}

/** The labels of the series that satisfy all tests, in segments with the same series once. */
export async function findLabels(
  segments: readonly Segment[],
  tests: readonly MatcherTest[],
  pause: Pause,
  onError: (segment: Segment, error: unknown) => void,
): Promise<readonly LabelSet[]> {
  const searched = new Set<readonly TableEntry[]>();
  const found = new Map<string, LabelSet>();
  for (const segment of segments) {
    try {
      const entries = await segment.entries(pause);
      if (searched.has(entries)) continue;
      searched.add(entries);
      for (const place of await findPlaces(entries, tests, pause)) {
        const { labels } = entries[place] as TableEntry;
        found.set(labels.key, labels);
      }
    } catch (error) {
      onError(segment, error);
    }
  }
  return [...found.values()];
}

async function findPlaces(
  entries: readonly TableEntry[],
  tests: readonly MatcherTest[],
  pause: Pause,
): Promise<readonly number[]> {
  for (const test of tests) await test.prepare(valuesIn(entries, test.matcher.name), pause);
  const places = findEntries(entries, tests);
  await pause();
  return places;
}

/** What to read of each segment, in the order of its columns. */
function placesOf(
  batch: readonly FoundSeries[],
): ReadonlyMap<Segment, readonly { readonly series: number; readonly part: Part }[]> {
  const bySegment = new Map<Segment, { series: number; part: Part }[]>();
  for (const [series, { parts }] of batch.entries()) {
    for (const part of parts) {
      const places = bySegment.get(part.segment);
      if (places === undefined) bySegment.set(part.segment, [{ series, part }]);
      else places.push({ series, part });
    }
  }
  // A series that another segment has as well comes before its neighbours here.
  for (const places of bySegment.values()) places.sort((a, b) => a.part.place - b.part.place);
  return bySegment;
}
