import { decodeLine, type Change } from './journal-line.ts';

/** The content of a journal, by table and key. */
export type Content = Map<string, Map<string, unknown>>;

/** What a journal holds, and what was wrong with it. */
export interface ReadJournal {
  readonly content: Content;
  /** Up to here all is whole; what follows is the transaction that a dying process did not finish. */
  readonly wholeBytes: number;
  /** Damaged lines with whole ones after them: not a torn end, but a fault of the disk. */
  readonly damagedLines: number;
}

/**
 * Replays a journal. A transaction without its end is left out, and so is a damaged line: the other changes of its
 * transaction count all the same, because a message told twice is better than one not told.
 */
export function readJournal(bytes: Buffer): ReadJournal {
  const content: Content = new Map();
  let open: Change[] = [];
  let wholeBytes = 0;
  let damagedLines = 0;
  let damagedSince = 0;
  for (let start = 0; ;) {
    const end = bytes.indexOf(10, start);
    if (end === -1) break;
    const line = decodeLine(bytes.toString('utf8', start, end));
    start = end + 1;
    if (line === undefined) {
      damagedSince++;
      continue;
    }
    // A whole line after a damaged one: the damage is in the middle.
    damagedLines += damagedSince;
    damagedSince = 0;
    open.push(...line.changes);
    if (!line.endsTransaction) continue;
    for (const change of open) apply(content, change);
    open = [];
    wholeBytes = start;
  }
  return { content, wholeBytes, damagedLines };
}

/** Applies one change to the content. */
export function apply(content: Content, change: Change): void {
  const [table, key, value] = change;
  let rows = content.get(table);
  if (rows === undefined) content.set(table, (rows = new Map()));
  if (change.length === 2) rows.delete(key);
  else rows.set(key, value);
}
