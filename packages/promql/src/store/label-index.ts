import type { LabelSet } from '../labels/label-set.ts';
import { labelOf } from '../labels/label-set.ts';
import type { MatcherTest } from '../labels/match.ts';
import type { StoredSeries } from './stored-series.ts';

/** References in the answers that are kept, each of 8 bytes; a key counts by its length. */
const MAX_KEPT = 200_000;
/** Of an answer itself, in the same measure. */
const ENTRY_COST = 50;

/** Finds series by their labels. */
export class LabelIndex {
  readonly #byKey = new Map<string, StoredSeries>();
  readonly #postings = new Map<string, Map<string, Set<StoredSeries>>>();
  readonly #found = new Map<string, readonly StoredSeries[]>();
  #kept = 0;

  get size(): number {
    return this.#byKey.size;
  }

  get(labels: LabelSet): StoredSeries | undefined {
    return this.#byKey.get(labels.key);
  }

  all(): Iterable<StoredSeries> {
    return this.#byKey.values();
  }

  add(series: StoredSeries): void {
    this.#forget();
    this.#byKey.set(series.labels.key, series);
    for (const [at, name] of series.labels.names.entries()) {
      const value = series.labels.values[at] ?? '';
      const values = this.#postings.get(name) ?? new Map<string, Set<StoredSeries>>();
      this.#postings.set(name, values);
      const posting = values.get(value) ?? new Set<StoredSeries>();
      values.set(value, posting);
      posting.add(series);
    }
  }

  remove(series: StoredSeries): void {
    this.#forget();
    this.#byKey.delete(series.labels.key);
    for (const [at, name] of series.labels.names.entries()) {
      const value = series.labels.values[at] ?? '';
      const values = this.#postings.get(name);
      const posting = values?.get(value);
      posting?.delete(series);
      if (posting?.size === 0) values?.delete(value);
      if (values?.size === 0) this.#postings.delete(name);
    }
  }

  /** The distinct values of a label. */
  valuesOf(name: string): Iterable<string> {
    return this.#postings.get(name)?.keys() ?? [];
  }

  /**
   * Series that satisfy all matchers; all series without any. What was found is kept until a series comes or goes: rules
   * and dashboards ask the same again and again.
   */
  find(tests: readonly MatcherTest[]): readonly StoredSeries[] {
    const key = JSON.stringify(
      tests.map(({ matcher: { name, operator, value } }) => [name, operator, value]),
    );
    let found = this.#found.get(key);
    if (found === undefined) {
      found = this.#search(tests);
      this.#keep(key, found);
    }
    return found;
  }

  #keep(key: string, found: readonly StoredSeries[]): void {
    this.#kept += found.length + ENTRY_COST + key.length / 8;
    if (this.#kept > MAX_KEPT) this.#forget();
    else this.#found.set(key, found);
  }

  #forget(): void {
    if (this.#kept === 0) return;
    this.#found.clear();
    this.#kept = 0;
  }

  #search(tests: readonly MatcherTest[]): readonly StoredSeries[] {
    // A posting only lists series that have the label: a matcher that accepts absence cannot be answered by one.
    let narrowest: { test: MatcherTest; postings: readonly Set<StoredSeries>[]; size: number } | undefined;
    for (const test of tests) {
      if (test.accepts('')) continue;
      const postings = this.#postingsOf(test);
      const size = postings.reduce((sum, posting) => sum + posting.size, 0);
      if (narrowest === undefined || size < narrowest.size) narrowest = { test, postings, size };
    }
    const others = tests.filter((test) => test !== narrowest?.test);
    const found: StoredSeries[] = [];
    for (const posting of narrowest?.postings ?? [this.#byKey.values()]) {
      for (const series of posting) if (satisfiesAll(series.labels, others)) found.push(series);
    }
    return found;
  }

  #postingsOf({ matcher: { name, operator, value }, accepts }: MatcherTest): readonly Set<StoredSeries>[] {
    const values = this.#postings.get(name);
    if (values === undefined) return [];
    if (operator === '=') {
      const posting = values.get(value);
      return posting === undefined ? [] : [posting];
    }
    return [...values].filter(([candidate]) => accepts(candidate)).map(([, posting]) => posting);
  }
}

function satisfiesAll(labels: LabelSet, tests: readonly MatcherTest[]): boolean {
  for (const { matcher, accepts } of tests) if (!accepts(labelOf(labels, matcher.name))) return false;
  return true;
}
