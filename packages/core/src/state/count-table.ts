/** A row of a table: its key first, counts after. */
export type CountRow = readonly (string | number)[];

/** Rows with different keys, in the order of the keys: two equal tables are equal as JSON. */
export type CountTable = readonly CountRow[];

/**
 * Adds counts of equal keys. Associative and commutative, since counts are integers.
 *
 * @param keys - How many columns are the key.
 */
export function mergeTables(tables: readonly CountTable[], keys: number): CountTable {
  const sums = new Map<string, (string | number)[]>();
  for (const row of tables.flat()) {
    const key = JSON.stringify(row.slice(0, keys));
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, [...row]);
    else for (let at = keys; at < row.length; at += 1) sum[at] = Number(sum[at]) + Number(row[at]);
  }
  return [...sums.values()].sort((one, other) => compareKeys(one, other, keys));
}

/** Numbers by size, texts by code unit: the same on every machine. */
function compareKeys(one: CountRow, other: CountRow, keys: number): number {
  for (let at = 0; at < keys; at += 1) {
    const [a = 0, b = 0] = [one[at], other[at]];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
}
