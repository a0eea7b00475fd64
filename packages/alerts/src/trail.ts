/** The places an alert passes on its way. */
export type Stage = 'evaluate' | 'route' | 'silence' | 'inhibit' | 'group' | 'send';

/** What happened to an alert at one place, last time. */
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
  /** In the order of the way; empty for an alert that is not known. */
  of(fingerprint: string): readonly ExplainStep[];
}

const ORDER: readonly Stage[] = ['evaluate', 'route', 'silence', 'inhibit', 'group', 'send'];

/** @param maxAlerts - The alert noted least recently is forgotten beyond this number. */
export function createTrail(maxAlerts = 10_000): Trail {
  const trails = new Map<string, Map<string, ExplainStep>>();
  return {
    note(fingerprint, step) {
      const steps = trails.get(fingerprint) ?? new Map<string, ExplainStep>();
      steps.set(`${step.stage}:${step.subject}`, step);
      trails.delete(fingerprint);
      trails.set(fingerprint, steps);
      const [oldest] = trails.keys();
      if (trails.size > maxAlerts && oldest !== undefined) trails.delete(oldest);
    },
    of: (fingerprint) =>
      [...(trails.get(fingerprint)?.values() ?? [])].toSorted(
        (a, b) => ORDER.indexOf(a.stage) - ORDER.indexOf(b.stage),
      ),
  };
}
