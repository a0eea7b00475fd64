/** The places an alert passes on its way, in their order. */
export type Stage =
  | 'evaluate'
  | 'route'
  | 'group'
  | 'inhibit'
  | 'silence'
  | 'dedup'
  | 'escalate'
  | 'limiter'
  | 'send';

/** What happened to an alert at one place, or what happens to it there now. */
export interface ExplainStep {
  readonly stage: Stage;
  /** Receiver or channel, where the place has several. */
  readonly subject: string;
  /** From a closed set of each stage, such as `condition-met`, `repeat-interval-elapsed`, `sent`. */
  readonly reason: string;
  readonly atMs: number;
}

/** Remembers the last step of each alert at each place. */
export interface Trail {
  note(fingerprint: string, step: ExplainStep): void;
  /** In the order of the way, `now` in the place of what was; empty for an alert that is not known. */
  of(fingerprint: string, now?: readonly ExplainStep[]): readonly ExplainStep[];
}

const ORDER: readonly Stage[] = [
  'evaluate',
  'route',
  'group',
  'inhibit',
  'silence',
  'dedup',
  'escalate',
  'limiter',
  'send',
];

/** @param maxAlerts - The alert noted least recently is forgotten beyond this number. */
export function createTrail(maxAlerts = 10_000): Trail {
  // Steps are written over rather than made anew: a storm takes tens of thousands.
  const trails = new Map<string, Writable<ExplainStep>[]>();
  return {
    note(fingerprint, step) {
      const steps = trails.get(fingerprint) ?? [];
      const before = steps.findIndex((one) => isSamePlace(one, step));
      const known = steps[before];
      if (known === undefined) steps.push({ ...step });
      else {
        // Moved to the end within the array.
        steps.copyWithin(before, before + 1);
        steps[steps.length - 1] = Object.assign(known, step);
      }
      trails.delete(fingerprint);
      trails.set(fingerprint, steps);
      const [oldest] = trails.keys();
      if (trails.size > maxAlerts && oldest !== undefined) trails.delete(oldest);
    },
    of(fingerprint, now = []) {
      const past = (trails.get(fingerprint) ?? []).filter(
        (step) => !now.some((one) => isSamePlace(one, step)),
      );
      return [...past.map((step) => ({ ...step })), ...now].toSorted(
        (a, b) => ORDER.indexOf(a.stage) - ORDER.indexOf(b.stage),
      );
    },
  };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function isSamePlace(a: ExplainStep, b: ExplainStep): boolean {
  return a.stage === b.stage && a.subject === b.subject;
}
