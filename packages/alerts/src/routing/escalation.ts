import type { StateStore } from '../store/state-store.ts';
import { matchesAll, toMatcher, type Matcher } from './matcher.ts';

/** Who is told when nobody has taken on an alert for so long. */
export interface Escalation {
  /** From the first firing. */
  readonly afterMs: number;
  readonly receiver: string;
  /** Which alerts; all must hold. @defaultValue ['severity="critical"'] */
  readonly matchers?: readonly (string | Matcher)[];
}

/** An alert as escalation sees it. */
export interface EscalationSubject {
  /** One raising of the alert: the next one escalates anew. */
  readonly episode: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly firedAtMs: number;
}

/** Remembers who has taken on what, and who was told besides. */
export interface Escalations {
  /** @returns false when this raising is acknowledged already */
  acknowledge(episode: string, by: string): boolean;
  acknowledgedBy(episode: string): string | undefined;
  /** The receivers to tell now; each once. */
  due(subject: EscalationSubject, nowMs: number): readonly string[];
  /** When the next step may be due, for the sleep of the loop. */
  nextDueMs(subjects: Iterable<EscalationSubject>): number | undefined;
  /** The alert has recovered. @returns the receivers that were told of it besides */
  end(episode: string): readonly string[];
}

/** Steps in the order of their times; what was acknowledged or told outlives the process. */
export function createEscalations(escalations: readonly Escalation[], store: StateStore): Escalations {
  const steps = escalations
    .map(({ afterMs, receiver, matchers = ['severity="critical"'] }) => ({
      afterMs,
      receiver,
      matchers: matchers.map(toMatcher),
    }))
    .toSorted((a, b) => a.afterMs - b.afterMs);
  const records = new Map(store.rows('escalation'));
  const set = (episode: string, record: { acknowledgedBy?: string; steps: number }): void => {
    records.set(episode, record);
    store.put('escalation', episode, record);
  };
  /** The steps of an alert that are still to come. */
  const open = ({ episode, labels }: EscalationSubject): typeof steps => {
    const { acknowledgedBy, steps: taken = 0 } = records.get(episode) ?? {};
    if (acknowledgedBy !== undefined) return [];
    return steps.filter(({ matchers }) => matchesAll(matchers, labels)).slice(taken);
  };
  return {
    acknowledge(episode, by) {
      const record = records.get(episode) ?? { steps: 0 };
      if (record.acknowledgedBy !== undefined) return false;
      set(episode, { ...record, acknowledgedBy: by });
      return true;
    },
    acknowledgedBy: (episode) => records.get(episode)?.acknowledgedBy,
    due(subject, nowMs) {
      const now = open(subject).filter(({ afterMs }) => subject.firedAtMs + afterMs <= nowMs);
      if (now.length === 0) return [];
      set(subject.episode, { steps: (records.get(subject.episode)?.steps ?? 0) + now.length });
      return [...new Set(now.map(({ receiver }) => receiver))];
    },
    nextDueMs(subjects) {
      let nextMs = Number.POSITIVE_INFINITY;
      if (steps.length === 0) return undefined;
      for (const subject of subjects) {
        const [first] = open(subject);
        if (first !== undefined) nextMs = Math.min(nextMs, subject.firedAtMs + first.afterMs);
      }
      return Number.isFinite(nextMs) ? nextMs : undefined;
    },
    end(episode) {
      const record = records.get(episode);
      if (record === undefined) return [];
      records.delete(episode);
      store.remove('escalation', episode);
      return [...new Set(steps.slice(0, record.steps).map(({ receiver }) => receiver))];
    },
  };
}
