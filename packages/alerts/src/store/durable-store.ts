import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type Clock, type Logger } from '@tidewatch/core';
import { claimFolder, FolderInUse } from './claim-folder.ts';
import { openJournal, type Journal, type JournalFiles } from './journal.ts';
import type { Content } from './read-journal.ts';
import type { Records, StateStore, StoreHealth, Table } from './state-store.ts';

export interface DurableStoreOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For tests of a full disk. */
  readonly files?: JournalFiles;
}

/** The last change of each key, by table. A change is written over: what came and went is not remembered. */
type Changes = Map<Table, Map<string, [table: Table, key: string, value?: unknown]>>;

/** The disk, not the configuration: alerting goes on without it, and says so. */
const DISK_FAULTS = new Set(['ENOSPC', 'EROFS', 'EIO', 'EDQUOT', 'EMFILE', 'ENFILE']);

/**
 * Keeps state in a journal in a folder of its own. A disk that is full or broken never stops the alerting: it goes on
 * in memory, and each commit tries the disk again.
 *
 * @throws {@link ConfigError} when another process has the folder, or it cannot be used at all.
 */
export async function openDurableStore(options: DurableStoreOptions): Promise<StateStore> {
  const { folder, clock, logger, files } = options;
  let journal: Journal | undefined;
  let release = (): void => {};
  let degraded: StoreHealth['degraded'];
  /** Changes that are not on disk. */
  let waiting: Changes = new Map();
  /** Those that are being written. */
  let writing: Changes = new Map();
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  const works: (() => void)[] = [];
  let isClosed = false;

  async function open(): Promise<void> {
    mkdirSync(folder, { recursive: true });
    release();
    release = claimFolder(join(folder, 'claim'));
    journal = await openJournal(folder, files);
    if (journal.damagedLines > 0) {
      const fields = { folder, damagedLines: journal.damagedLines };
      logger.error(fields, 'damaged records were left out of the alerting state; the file is kept aside');
    }
  }

  function fail(error: unknown): void {
    const reason = reasonOf(error);
    if (degraded?.reason !== reason) {
      logger.error({ folder, reason }, 'the alerting state cannot be stored; it goes on in memory');
    }
    degraded = { reason, sinceMs: degraded?.sinceMs ?? clock.now() };
  }

  async function drain(): Promise<void> {
    next = undefined;
    for (const work of works) work();
    const taken = waiting;
    [waiting, writing] = [new Map(), taken];
    try {
      if (journal === undefined) await open();
      await journal?.write([...taken.values()].flatMap((changes) => [...changes.values()]));
      if (degraded !== undefined) logger.warn({ folder }, 'the alerting state is stored again');
      degraded = undefined;
    } catch (error) {
      putBack(taken);
      fail(error);
    } finally {
      writing = new Map();
    }
  }

  /** What could not be written waits again; what came meanwhile is newer. */
  function putBack(taken: Changes): void {
    for (const [table, changes] of taken) {
      waiting.set(table, new Map([...changes, ...(waiting.get(table) ?? [])]));
    }
  }

  function changesOf(table: Table): NonNullable<ReturnType<Changes['get']>> {
    let changes = waiting.get(table);
    if (changes === undefined) waiting.set(table, (changes = new Map()));
    return changes;
  }

  function put(table: Table, key: string, value: unknown): void {
    if (isClosed) return;
    const changes = changesOf(table);
    const known = changes.get(key);
    if (known === undefined) changes.set(key, [table, key, value]);
    else known[2] = value;
  }

  function remove(table: Table, key: string): void {
    if (isClosed) return;
    const changes = changesOf(table);
    const known = changes.get(key);
    // The value goes: a map that has grown may keep the change itself in memory for long.
    if (known !== undefined) known.length = 2;
    const isStored = writing.get(table)?.has(key) === true || journal?.content.get(table)?.has(key) !== false;
    // What came and went between two commits, as most messages of a storm do, was never there.
    if (!isStored) changes.delete(key);
    else if (known === undefined) changes.set(key, [table, key]);
  }

  function commit(): Promise<void> {
    for (const work of works) work();
    if (waiting.size === 0) return running;
    // All that is put while a write is under way goes into the next one, together.
    next ??= running = running.then(drain);
    return next;
  }

  try {
    await open();
  } catch (error) {
    if (!DISK_FAULTS.has(codeOf(error))) throw unusable(folder, error);
    fail(error);
  }
  const content: Content = journal?.content ?? new Map();
  return {
    // A copy: the caller walks it while it changes.
    rows: <T extends Table>(table: T) =>
      new Map(content.get(table) ?? []) as unknown as ReadonlyMap<string, Records[T]>,
    put,
    remove,
    beforeCommit: (work) => void works.push(work),
    commit,
    health: () => ({
      quarantined: journal?.damagedLines ?? 0,
      bytes: journal?.bytes() ?? 0,
      ...(degraded === undefined ? {} : { degraded }),
    }),
    async close() {
      await commit();
      await running;
      isClosed = true;
      await journal?.close().catch(() => {});
      release();
    },
  };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** The code only: the folder is named beside it. */
function reasonOf(error: unknown): string {
  return codeOf(error) || (error instanceof Error ? error.name : 'unknown');
}

function unusable(folder: string, error: unknown): ConfigError {
  const isInUse = error instanceof FolderInUse;
  return new ConfigError('createAlerting', [
    {
      code: isInUse ? 'contradiction' : 'unreadable',
      path: 'store.dir',
      problem: isInUse
        ? `${JSON.stringify(folder)}: ${error.message}`
        : `cannot use ${JSON.stringify(folder)}: ${reasonOf(error)}`,
      remedy: isInUse
        ? 'give each alerting a folder of its own, or close the other first'
        : 'give a folder that this process may write to',
    },
  ]);
}
