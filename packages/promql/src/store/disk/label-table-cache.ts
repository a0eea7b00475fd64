import { createHash } from 'node:crypto';
import { decodeLabelTable, type TableEntry } from './label-table.ts';

/** About 20 MB of labels. */
const MAX_ENTRIES = 50_000;

/** Decoded label tables, the least recently used forgotten first. Segments with the same series share one. */
export class LabelTableCache {
  readonly #tables = new Map<string, readonly TableEntry[]>();
  #entries = 0;

  /** @throws an error when the bytes are no label table. */
  get(bytes: Buffer): readonly TableEntry[] {
    const key = createHash('sha256').update(bytes).digest('base64');
    const known = this.#tables.get(key);
    const table = known ?? decodeLabelTable(bytes);
    if (known === undefined) this.#entries += table.length;
    this.#tables.delete(key);
    this.#tables.set(key, table);
    for (const [oldest, { length }] of this.#tables) {
      if (this.#entries <= MAX_ENTRIES || oldest === key) break;
      this.#tables.delete(oldest);
      this.#entries -= length;
    }
    return table;
  }
}
