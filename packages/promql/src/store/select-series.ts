import type { SelectedSeries } from '../engine/sample-source.ts';
import { matcherTest, type MatcherTest, type Pause } from '../labels/match.ts';
import type { LabelMatcher } from '../language/ast.ts';
import type { Disk } from './disk/disk.ts';
import type { Head } from './head.ts';
import { SeriesJoin } from './join-series.ts';
import { readHeld } from './read-series.ts';

export interface Selection {
  readonly matchers: readonly LabelMatcher[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly pause: Pause;
}

/** What the store has of a selection: at once where all of it is in memory, piece by piece where it is not. */
export function selectSeries(
  { matchers, fromMs, toMs, pause }: Selection,
  head: Head,
  disk: Disk | undefined,
): Iterable<SelectedSeries> | AsyncIterable<SelectedSeries> {
  const tests = matchers.map(matcherTest);
  const isOnDisk = disk?.overlaps(fromMs, toMs, head) === true;
  if (!isOnDisk && !tests.some(({ isSlow }) => isSlow)) return inMemory(head, tests, fromMs, toMs);
  return everywhere({ tests, fromMs, toMs, pause }, head, disk);
}

function* inMemory(
  head: Head,
  tests: readonly MatcherTest[],
  fromMs: number,
  toMs: number,
): Iterable<SelectedSeries> {
  for (const held of head.hold(tests, fromMs, toMs)) {
    const series = readHeld(held);
    if (series !== undefined) yield series;
  }
}

interface TestedSelection extends Omit<Selection, 'matchers'> {
  readonly tests: readonly MatcherTest[];
}

async function* everywhere(
  { tests, fromMs, toMs, pause }: TestedSelection,
  head: Head,
  disk: Disk | undefined,
): AsyncIterable<SelectedSeries> {
  for (const test of tests) await test.prepare(head.index.valuesOf(test.matcher.name), pause);
  // In one turn: what the head evicts later is held, and what it evicted before is on disk.
  const recent = new Map(head.hold(tests, fromMs, toMs).map((held) => [held.labels.key, held]));
  const older = disk?.select({ tests, fromMs, toMs, pause }, head) ?? [];
  const join = new SeriesJoin();
  for await (const parts of older) {
    const { key } = (parts[0] as SelectedSeries).labels;
    const held = recent.get(key);
    recent.delete(key);
    const newest = held === undefined ? undefined : readHeld(held);
    yield join.join(newest === undefined ? parts : [...parts, newest]);
  }
  for (const held of recent.values()) {
    const series = readHeld(held);
    if (series !== undefined) yield series;
  }
}
