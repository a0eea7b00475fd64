import * as nodeFiles from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLineWriter, encodeChange, type Change } from './journal-line.ts';
import { apply, readJournal, type Content } from './read-journal.ts';

/** The parts of `node:fs/promises` that a journal uses; tests put a full disk in their place. */
export type JournalFiles = Pick<
  typeof nodeFiles,
  'copyFile' | 'mkdir' | 'open' | 'readFile' | 'readdir' | 'rename' | 'rm'
>;

/** Changes in a file to which lines are only added; now and then it is written anew, without what has passed. */
export interface Journal {
  readonly content: Content;
  readonly damagedLines: number;
  /** Size of the file. */
  bytes(): number;
  /** Adds one transaction. @throws an error of the file system: then nothing was added, and it may be tried again. */
  write(changes: readonly Change[]): Promise<void>;
  close(): Promise<void>;
}

/** A line is ended at this length, so that no turn of the event loop is spent on making a long one. */
const LINE_BYTES = 32_768;
/** So many are noted in one turn. */
const CHANGES_A_TURN = 2000;
/** A file smaller than this is never written anew. */
const LEAST_COMPACTED_BYTES = 1_048_576;
/** A file that has grown to this many times its size after the last writing anew is written anew. */
const GROWTH = 3;

/**
 * Opens the newest journal of a folder. A torn end is cut off; a file with damage in its middle is kept aside under
 * its name with `.damaged`, and what is whole of it goes on.
 *
 * @throws an error of the file system.
 */
export async function openJournal(folder: string, files: JournalFiles = nodeFiles): Promise<Journal> {
  await files.mkdir(folder, { recursive: true });
  const names = (await files.readdir(folder)).filter((name) => /^journal-\d{8}$/.test(name)).toSorted();
  let number = Number(names.at(-1)?.slice(8) ?? 0);
  const path = (of = number): string => join(folder, `journal-${String(of).padStart(8, '0')}`);
  const bytes = names.length === 0 ? Buffer.alloc(0) : await files.readFile(path());
  const { content, wholeBytes, damagedLines } = readJournal(bytes);
  if (damagedLines > 0) await files.copyFile(path(), `${path()}.damaged`);
  const line = createLineWriter();
  let handle: FileHandle | undefined;
  let size = wholeBytes;
  let compactAt = Math.max(LEAST_COMPACTED_BYTES, damagedLines > 0 ? 0 : GROWTH * wholeBytes);

  async function current(): Promise<FileHandle> {
    if (handle === undefined) {
      handle = await files.open(path(), names.length === 0 && size === 0 ? 'w+' : 'r+');
      await handle.truncate(size);
    }
    return handle;
  }

  /** Adds lines behind `from`, each in a turn of its own. @returns the new end. */
  async function addLines(to: FileHandle, from: number, changes: Iterable<Change>): Promise<number> {
    let end = from;
    const addLine = async (endsTransaction: boolean): Promise<void> => {
      const bytes = line.end(endsTransaction);
      await to.write(bytes, 0, bytes.length, end);
      end += bytes.length;
    };
    for (const change of changes) {
      // Ended by the change that follows it: only the last line ends the transaction.
      if (line.length >= LINE_BYTES) {
        await addLine(false);
        await nextTurn();
      }
      line.add(encodeChange(change));
    }
    await addLine(true);
    return end;
  }

  function* allChanges(): Generator<Change> {
    for (const [table, rows] of content) for (const [key, value] of rows) yield [table, key, value];
  }

  /** Writes what is there now into a new file; the name of a whole file is its only mark. */
  async function compact(): Promise<void> {
    const draft = join(folder, 'draft');
    const fresh = await files.open(draft, 'w+');
    try {
      const end = await addLines(fresh, 0, allChanges());
      await fresh.sync();
      await files.rename(draft, path(number + 1));
      await syncFolder();
      await handle?.close().catch(() => {});
      handle = fresh;
      await files.rm(path(number), { force: true });
      number += 1;
      size = end;
      compactAt = Math.max(LEAST_COMPACTED_BYTES, GROWTH * end);
    } finally {
      if (handle !== fresh) await fresh.close().catch(() => {});
    }
  }

  /** A new name is safe when its folder is. Not every system can do this. */
  async function syncFolder(): Promise<void> {
    const opened = await files.open(folder, 'r').catch(() => undefined);
    await opened?.sync().catch(() => {});
    await opened?.close().catch(() => {});
  }

  async function write(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    try {
      const to = await current();
      const end = await addLines(to, size, changes);
      await to.datasync();
      size = end;
    } catch (error) {
      // What was written of it must not stand before the next: the file is opened and cut anew.
      await handle?.close().catch(() => {});
      handle = undefined;
      throw error;
    }
    for (const [index, change] of changes.entries()) {
      apply(content, change);
      if (index % CHANGES_A_TURN === CHANGES_A_TURN - 1) await nextTurn();
    }
    if (size > compactAt) await compact();
  }

  if (damagedLines > 0) await compact();
  else if (names.length === 0) {
    await current();
    await syncFolder();
  }
  for (const old of names.slice(0, -1)) await files.rm(join(folder, old), { force: true });
  return {
    content,
    damagedLines,
    bytes: () => size,
    write,
    async close() {
      await handle?.close();
      handle = undefined;
    },
  };
}
