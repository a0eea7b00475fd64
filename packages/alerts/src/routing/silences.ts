import type { Labels } from '@tidewatch/core';
import { createMemoryStore } from '../store/memory-store.ts';
import type { StateStore } from '../store/state-store.ts';
import { matchesAll, toMatcher, type Matcher } from './matcher.ts';

/** Alerts that match are not told until the time is over. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  /** Absent: it began when it was made. */
  readonly fromMs?: number;
  readonly untilMs: number;
  readonly comment: string;
  /** Absent: nobody has said. */
  readonly author?: string;
}

/** What may be said of a silence besides. */
export type SilenceDetails = Pick<Silence, 'fromMs' | 'author'>;

export interface Silences {
  /**
   * @throws {@link ConfigError} for a matcher that cannot be read; RangeError when there is none, the end is no time,
   * or there are 1,000 silences.
   */
  add(
    matchers: readonly (string | Matcher)[],
    untilMs: number,
    comment: string,
    details?: SilenceDetails,
  ): Silence;
  /** The silence that keeps these labels quiet, or `undefined`. */
  find(labels: Labels, nowMs: number): Silence | undefined;
  /** Those that hold, will hold, or have ended lately, in the order of their making. */
  list(): readonly Silence[];
  /** Ends a silence now. @returns false when there is none of this name that has not ended */
  expire(id: string): boolean;
}

/** What has ended can be looked at for so long; it is forgotten when another one is added. */
const KEPT_MS = 120 * 3_600_000;
const MOST = 1000;

/** Begins with what the store holds. */
export function createSilences(now: () => number, store: StateStore = createMemoryStore()): Silences {
  let silences = [...store.rows('silence').values()];
  let count = Math.max(0, ...silences.map(({ id }) => Number(id.replace('silence-', ''))));

  function forget(isOld: (silence: Silence) => boolean): void {
    for (const one of silences) if (isOld(one)) store.remove('silence', one.id);
    silences = silences.filter((one) => !isOld(one));
  }

  return {
    add(matchers, untilMs, comment, { fromMs, author } = {}) {
      if (matchers.length === 0)
        throw new RangeError('a silence needs at least one matcher: it would silence everything');
      if (!Number.isFinite(untilMs)) throw new RangeError(`a silence needs a time to end, got ${untilMs}`);
      const parsed = matchers.map(toMatcher);
      const nowMs = now();
      forget((one) => one.untilMs + KEPT_MS <= nowMs);
      if (silences.length >= MOST) forget((one) => one.untilMs <= nowMs);
      if (silences.length >= MOST) throw new RangeError(`there are ${MOST} silences: end some of them first`);
      const silence: Silence = {
        id: `silence-${++count}`,
        matchers: parsed,
        ...(fromMs === undefined ? {} : { fromMs }),
        untilMs,
        comment,
        ...(author === undefined ? {} : { author }),
      };
      silences = [...silences, silence];
      store.put('silence', silence.id, silence);
      return silence;
    },
    find: (labels, nowMs) =>
      silences.find(
        ({ matchers, fromMs = nowMs, untilMs }) =>
          fromMs <= nowMs && nowMs < untilMs && matchesAll(matchers, labels),
      ),
    list: () => silences,
    expire(id) {
      const nowMs = now();
      const known = silences.find((one) => one.id === id && nowMs < one.untilMs);
      if (known === undefined) return false;
      // One that has not begun never will.
      const ended = { ...known, untilMs: nowMs };
      silences = silences.map((one) => (one === known ? ended : one));
      store.put('silence', id, ended);
      return true;
    },
  };
}
