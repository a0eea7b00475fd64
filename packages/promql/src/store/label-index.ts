import type { LabelSet } from '../labels/label-set.ts';
import { labelOf } from '../labels/label-set.ts';
import type { MatcherTest } from '../labels/match.ts';
import type { StoredSeries } from './stored-series.ts';

/** Finds series by their labels. */
export class LabelIndex {
  readonly #byKey = new Map<string, StoredSeries>();
  readonly #postings = new Map<string, Map<string, Set<StoredSeries>>>();

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

  /** Series that satisfy all matchers; all series without any. */
  find(tests: readonly MatcherTest[]): StoredSeries[] {
    // A posting only lists series that have the label: a matcher that accepts absence cannot be answered by one.
    const narrowing = tests
      .filter(({ accepts }) => !accepts(''))
      .map((test) => ({ test, postings: this.#postingsOf(test) }))
      .map(({ test, postings }) => ({
        test,
        postings,
        size: postings.reduce((sum, { size }) => sum + size, 0),
      }))
      .sort((a, b) => a.size - b.size)[0];
    const candidates =
      narrowing === undefined ? [...this.#byKey.values()] : narrowing.postings.flatMap((set) => [...set]);
    const others = tests.filter((test) => test !== narrowing?.test);
    if (others.length === 0) return candidates;
    return candidates.filter(({ labels }) =>
      others.every(({ matcher, accepts }) => accepts(labelOf(labels, matcher.name))),
    );
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
