import { createHash } from 'node:crypto';
import type { TableEntry } from './label-table.ts';

/** About 20 MB of labels. */
const MAX_ENTRIES = 50_000;

/** Decoded label tables, the least recently used forgotten first. Segments with the same series share one. */
export class LabelTableCache {
  readonly #tables = new Map<string, readonly TableEntry[]>();
  #entries = 0;

  /** What names a table: the same for the same bytes. */
  static keyOf(bytes: Buffer): string {
    return createHash('sha256').update(bytes).digest('base64');
  }

  get(key: string): readonly TableEntry[] | undefined {
    const table = this.#tables.get(key);
    if (table === undefined) return undefined;
    this.#tables.delete(key);
    this.#tables.set(key, table);
    return table;
  }

  /** Keeps a table. Two queries at once may bring the same: the first stays. */
  add(key: string, table: readonly TableEntry[]): readonly TableEntry[] {
    const known = this.get(key);
    if (known !== undefined) return known;
    this.#entries += table.length;
    this.#tables.set(key, table);
    for (const [oldest, { length }] of this.#tables) {
      if (this.#entries <= MAX_ENTRIES || oldest === key) break;
      this.#tables.delete(oldest);
      this.#entries -= length;
    }
    return table;
  }
}
