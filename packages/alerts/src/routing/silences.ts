import type { Labels } from '@tidewatch/core';
import { createMemoryStore } from '../store/memory-store.ts';
import type { StateStore } from '../store/state-store.ts';
import { matchesAll, toMatcher, type Matcher } from './matcher.ts';

/** Alerts that match are not told until the time is over. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly untilMs: number;
  readonly comment: string;
}

export interface Silences {
  /** @throws {@link ConfigError} for a matcher that cannot be read; RangeError when there is none. */
  add(matchers: readonly (string | Matcher)[], untilMs: number, comment: string): Silence;
  /** The silence that keeps these labels quiet, or `undefined`. */
  find(labels: Labels, nowMs: number): Silence | undefined;
}

/** Silences that have ended are forgotten when one is added. */
export function createSilences(now: () => number, store: StateStore = createMemoryStore()): Silences {
  let silences = [...store.rows('silence').values()];
  let count = Math.max(0, ...silences.map(({ id }) => Number(id.replace('silence-', ''))));
  return {
    add(matchers, untilMs, comment) {
      if (matchers.length === 0)
        throw new RangeError('a silence needs at least one matcher: it would silence everything');
      const parsed = matchers.map(toMatcher);
      const silence = { id: `silence-${++count}`, matchers: parsed, untilMs, comment };
      const nowMs = now();
      for (const one of silences) if (one.untilMs <= nowMs) store.remove('silence', one.id);
      silences = [...silences.filter((one) => one.untilMs > nowMs), silence];
      store.put('silence', silence.id, silence);
      return silence;
    },
    find: (labels, nowMs) =>
      silences.find(({ matchers, untilMs }) => nowMs < untilMs && matchesAll(matchers, labels)),
  };
}
