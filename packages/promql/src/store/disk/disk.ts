import { rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { silentLogger, type Logger, type MetricFamily } from '@tidewatch/core';
import type { SelectedSeries } from '../../engine/sample-source.ts';
import type { LabelSet } from '../../labels/label-set.ts';
import type { MatcherTest, Pause } from '../../labels/match.ts';
import type { Axis } from '../axis.ts';
import type { Collect } from '../collect.ts';
import { Head } from '../head.ts';
import { StoreStatistics } from '../store-statistics.ts';
import { ColumnCache } from './column-cache.ts';
import { DataFolder } from './data-folder.ts';
import { DiskStatistics } from './disk-statistics.ts';
import { LabelTableCache } from './label-table-cache.ts';
import { readWal, type WalContents } from './read-wal.ts';
import { findLabels, readSegments, type SegmentSelection } from './read-segments.ts';
import { BrokenSegment, Segment } from './segment.ts';
import { Wal } from './wal.ts';
import { writeSegment } from './write-segment.ts';

export interface DiskOptions {
  readonly dataDir: string;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  /** Length of a segment. The head keeps more than that. */
  readonly segmentMs: number;
  readonly logger: Logger;
}

/** A file that is no longer written to. Without a segment it is a log whose segment could not be written. */
interface StoredFile {
  readonly sequence: number;
  readonly path: string;
  readonly bytes: number;
  readonly lastMs: number;
  readonly segment?: Segment;
}

/** A log is also sealed at this size, however short a time it covers. */
const MAX_WAL_BYTES = 64 * 2 ** 20;

/**
 * What the store keeps on disk: a log of the newest collects, and segments of the older ones.
 *
 * Nothing here throws once it is open. A failure is counted, logged once, and the head goes on without.
 */
export class Disk {
  readonly #options: DiskOptions;
  readonly #folder: DataFolder;
  readonly #statistics: DiskStatistics;
  readonly #caches = { tables: new LabelTableCache(), columns: new ColumnCache() };
  /** Ascending by number. */
  #files: StoredFile[] = [];
  /** Of the segment to be: its log has the same number. */
  #sequence: number;
  /** Time of the first collect since the last segment. */
  #startMs: number | undefined;
  /** The log of these collects; `undefined` before the first, and while it cannot be opened. */
  #wal: Wal | undefined;
  #sealing: Promise<void> = Promise.resolve();

  /** Claims the folder and opens its segments. @throws {@link ConfigError} when it cannot be claimed. */
  constructor(options: DiskOptions) {
    this.#options = options;
    this.#statistics = new DiskStatistics(options.logger);
    this.#folder = new DataFolder(options.dataDir);
    this.#sequence = this.#folder.nextSequence();
    if (!this.canWrite) this.#statistics.fail('open', this.#folder.writeError);
    else this.#try('remove', () => this.#folder.removeDrafts());
    for (const sequence of this.#folder.list('seg')) this.#addSegment(sequence);
  }

  /** The newest time of an axis in the segments; -Infinity when it has none. */
  lastMs(axisId: string): number {
    let lastMs = -Infinity;
    for (const { segment } of this.#files) {
      const times = segment?.axes.find(({ id }) => id === axisId)?.times;
      lastMs = Math.max(lastMs, times?.at(-1) ?? -Infinity);
    }
    return lastMs;
  }

  /** Reads the logs back. The newest goes into the head; others should have become segments, and do so now. */
  async restore(head: Head): Promise<void> {
    const sealed = new Set(this.#files.map(({ sequence }) => sequence));
    const sequences = this.#folder.list('wal');
    for (const sequence of sequences) {
      const path = this.#folder.file(sequence, 'wal');
      if (sealed.has(sequence)) this.#try('remove', () => rmSync(path));
      else if (sequence === sequences.at(-1)) this.#continueWal(path, sequence, head);
      else await this.#sealLeftover(path, sequence, head);
    }
    for (const collect of head.endAll()) this.record(collect, head);
    this.#retain(head);
  }

  /** Writes a collect that the head has taken. */
  record(collect: Collect, head: Head): void {
    if (!this.canWrite) return;
    if (this.#isDue(collect.timeMs)) this.#rotate(head);
    this.#startMs ??= collect.timeMs;
    this.#try('write', () => {
      this.#wal ??= this.#openWal();
      this.#wal.append(collect);
    });
  }

  /** Whether any segment was collected within the times that the head no longer has. */
  overlaps(fromMs: number, toMs: number, head: Head): boolean {
    return this.#segmentsWithin(fromMs, lastOnlyHere(toMs, head)).length > 0;
  }

  /** Samples that the head no longer has, as parts of one series after another. What both have is left to the head. */
  select(
    { tests, fromMs, toMs, pause }: Omit<SegmentSelection, 'untilMs'> & { readonly toMs: number },
    head: Head,
  ): AsyncIterable<readonly SelectedSeries[]> {
    const untilMs = lastOnlyHere(toMs, head);
    return readSegments(
      this.#segmentsWithin(fromMs, untilMs),
      { tests, fromMs, untilMs, pause },
      this.#onSegmentError,
    );
  }

  /** Labels of the series in segments that overlap the times, both included. */
  series(
    tests: readonly MatcherTest[],
    fromMs: number,
    toMs: number,
    pause: Pause,
  ): Promise<readonly LabelSet[]> {
    const segments = this.#files.flatMap(({ segment }) =>
      segment?.overlaps(fromMs, toMs) === true ? [segment] : [],
    );
    return findLabels(segments, tests, pause, this.#onSegmentError);
  }

  families(): readonly MetricFamily[] {
    return this.#statistics.families(this.#walBytes(), this.#segmentBytes());
  }

  /** Ends all series, waits for what is being written, and gives the folder back. */
  async close(head: Head): Promise<void> {
    for (const collect of head.endAll()) this.record(collect, head);
    await this.#sealing;
    await this.#wal?.close();
    this.#wal = undefined;
    this.#try('remove', () => this.#folder.unlock());
  }

  /** Whether it keeps what the head takes. */
  get canWrite(): boolean {
    return this.#folder.writeError === undefined;
  }

  #isDue(timeMs: number): boolean {
    const ageMs = this.#startMs === undefined ? 0 : timeMs - this.#startMs;
    const { bytes = 0, isBroken = false } = this.#wal ?? {};
    return isBroken || ageMs >= this.#options.segmentMs || bytes >= MAX_WAL_BYTES;
  }

  /** Begins a new log, and makes a segment of the head's collects up to now in the background. */
  #rotate(head: Head): void {
    const [sequence, wal] = [this.#sequence, this.#wal];
    this.#sequence += 1;
    this.#startMs = undefined;
    this.#wal = undefined;
    const untilMs = new Map([...head.axes.values()].map((axis) => [axis, axis.lastMs]));
    this.#sealing = this.#sealNext(this.#sealing, sequence, wal, head, untilMs);
  }

  async #sealNext(
    before: Promise<void>,
    sequence: number,
    wal: Wal | undefined,
    head: Head,
    untilMs: ReadonlyMap<Axis, number>,
  ): Promise<void> {
    await before;
    await wal?.close();
    const isSealed = await this.#seal(sequence, head, untilMs);
    // Sealed or not: the head may now evict them, or a full disk would fill the memory.
    for (const [axis, sealedMs] of untilMs) axis.sealedMs = sealedMs;
    if (!isSealed) this.#keepLog(sequence, Math.max(...untilMs.values()));
    this.#retain(head);
  }

  /** Never rejects. Answers whether the log is no longer needed. */
  async #seal(sequence: number, head: Head, untilMs: ReadonlyMap<Axis, number>): Promise<boolean> {
    try {
      const wrote = await writeSegment(this.#folder.file(sequence, 'seg'), head, untilMs);
      if (wrote && !this.#addSegment(sequence)) return false;
      rmSync(this.#folder.file(sequence, 'wal'), { force: true });
      this.#statistics.succeed('seal');
      return true;
    } catch (error) {
      this.#statistics.fail('seal', error);
      return false;
    }
  }

  /** Makes a segment of a log that a process left, without filling the head with it. */
  async #sealLeftover(path: string, sequence: number, head: Head): Promise<void> {
    const aside = new Head({
      headMs: Infinity,
      maxSeries: Infinity,
      statistics: new StoreStatistics(silentLogger),
      history: { lastMs: () => -Infinity, canWrite: true },
    });
    const collects: Collect[] = [];
    const contents = this.#readWal(path, (collect) => {
      aside.restore(collect);
      collects.push(collect);
    });
    if (contents === undefined) return;
    const untilMs = new Map([...aside.axes.values()].map((axis) => [axis, axis.lastMs]));
    if (this.canWrite && (await this.#seal(sequence, aside, untilMs))) return;
    for (const collect of collects) head.restore(collect);
    this.#keepLog(sequence, Math.max(...untilMs.values()));
  }

  #continueWal(path: string, sequence: number, head: Head): void {
    const contents = this.#readWal(path, (collect) => {
      this.#startMs ??= collect.timeMs;
      head.restore(collect);
    });
    if (contents === undefined || !this.canWrite) return;
    this.#try('write', () => {
      this.#wal = this.#openWal(sequence, contents);
      this.#sequence = sequence;
    });
  }

  #readWal(path: string, onCollect: (collect: Collect) => void): WalContents | undefined {
    let contents: WalContents | undefined;
    try {
      contents = readWal(path, onCollect);
    } catch (error) {
      this.#statistics.fail('read', error);
      return undefined;
    }
    if (contents === undefined) {
      this.#setAside(path, 'it does not begin as a write-ahead log');
    } else if (contents.cutBytes > 0) {
      const { goodBytes: keptBytes, cutBytes } = contents;
      this.#statistics.repair('wal_cut', { file: basename(path), keptBytes, cutBytes });
    }
    return contents;
  }

  #openWal(sequence = this.#sequence, contents?: WalContents): Wal {
    const path = this.#folder.file(sequence, 'wal');
    return new Wal({
      path,
      ...contents,
      onSyncError: (error) => this.#statistics.fail('sync', error),
    });
  }

  /** Answers whether the segment is one. */
  #addSegment(sequence: number): boolean {
    const path = this.#folder.file(sequence, 'seg');
    try {
      const segment = new Segment(path, sequence, this.#caches);
      this.#addFile({ sequence, path, bytes: segment.bytes, lastMs: segment.lastMs, segment });
      return true;
    } catch (error) {
      this.#onReadError(path, error);
      return false;
    }
  }

  #keepLog(sequence: number, lastMs: number): void {
    const path = this.#folder.file(sequence, 'wal');
    const bytes = statSync(path, { throwIfNoEntry: false })?.size;
    if (bytes !== undefined) this.#addFile({ sequence, path, bytes, lastMs });
  }

  #addFile(file: StoredFile): void {
    this.#files = [...this.#files, file].sort((a, b) => a.sequence - b.sequence);
  }

  #segmentsWithin(fromMs: number, untilMs: (axisId: string) => number): readonly Segment[] {
    const within: Segment[] = [];
    for (const { segment, lastMs } of this.#files) {
      if (segment === undefined || lastMs <= fromMs) continue;
      if (segment.slotsOf(fromMs, untilMs).some(({ from, to }) => from < to)) within.push(segment);
    }
    return within;
  }

  /** Leaves out a segment that cannot be read. What is no fault of the segment is thrown on. */
  readonly #onSegmentError = ({ path }: Segment, error: unknown): void => {
    if (!(error instanceof BrokenSegment) && !isSystemError(error)) throw error;
    this.#onReadError(path, error);
  };

  #onReadError(path: string, error: unknown): void {
    if (error instanceof BrokenSegment) {
      this.#setAside(path, error.message);
    } else {
      this.#statistics.fail('read', error);
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return;
    }
    this.#files = this.#files.filter((file) => file.path !== path);
  }

  #setAside(path: string, reason: string): void {
    this.#statistics.repair('quarantined', { file: basename(path), reason });
    if (this.canWrite) this.#try('remove', () => this.#folder.setAside(path));
  }

  /** Removes whole files, oldest first, that are past the retention. */
  #retain(head: Head): void {
    if (!this.canWrite) return;
    const { retentionMs, retentionBytes } = this.#options;
    const axes = [...head.axes.values()];
    const newestMs = Math.max(
      ...axes.map(({ lastMs }) => lastMs),
      ...this.#files.map(({ lastMs }) => lastMs),
    );
    for (const file of this.#files) {
      const isOld = file.lastMs <= newestMs - retentionMs;
      if (!isOld && this.#walBytes() + this.#segmentBytes() <= retentionBytes) break;
      const isGone = this.#try('remove', () => {
        rmSync(file.path, { force: true });
        this.#folder.removeBroken(file.sequence);
      });
      if (!isGone) break;
      this.#files = this.#files.filter((other) => other !== file);
    }
  }

  #walBytes(): number {
    const kept = this.#files.filter(({ segment }) => segment === undefined);
    return kept.reduce((sum, { bytes }) => sum + bytes, this.#wal?.bytes ?? 0);
  }

  #segmentBytes(): number {
    return this.#files.reduce((sum, { segment }) => sum + (segment?.bytes ?? 0), 0);
  }

  #try(operation: 'write' | 'remove', attempt: () => void): boolean {
    try {
      attempt();
      this.#statistics.succeed(operation);
      return true;
    } catch (error) {
      this.#statistics.fail(operation, error);
      return false;
    }
  }
}

/** The times up to which an axis is read from disk; found at once, as the head goes on evicting. */
function lastOnlyHere(toMs: number, head: Head): (axisId: string) => number {
  const evicted = new Map([...head.axes].map(([id, { evictedMs }]) => [id, evictedMs]));
  return (axisId) => Math.min(toMs, evicted.get(axisId) ?? Infinity);
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
