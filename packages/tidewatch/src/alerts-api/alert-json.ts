import type { Alert, Alerting, ExplainStep } from '@tidewatch/alerts';

/** A firing alert as Alertmanager's API shows it; times are RFC 3339. */
export interface AlertmanagerAlertJson {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly updatedAt: string;
  readonly generatorURL: string;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: {
    readonly state: 'active' | 'suppressed';
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
    readonly mutedBy: readonly string[];
  };
}

/** A step on the way of an alert, for programs. */
export interface ExplainStepJson {
  readonly stage: ExplainStep['stage'];
  readonly subject: string;
  readonly reason: string;
  /** RFC 3339. */
  readonly at: string;
}

/** An alert with its way; times are RFC 3339. */
export interface ExplainedAlertJson {
  readonly fingerprint: string;
  readonly name: string;
  readonly state: Alert['state'];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** As text: it may be NaN. Absent when it is not known. */
  readonly value?: string;
  readonly activeAt: string;
  readonly firedAt?: string;
  readonly resolvedAt?: string;
  readonly resolvedReason?: string;
  readonly acknowledgedBy?: string;
  readonly deliveredTo: readonly string[];
  readonly steps: readonly ExplainStepJson[];
}

/** Alertmanager needs a time at which an alert ends by itself; ours end when a rule says so. */
const SOON_MS = 300_000;

export function toAlertmanagerJson(
  { fingerprint, labels, annotations, activeAtMs, firedAtMs = activeAtMs }: Alert,
  steps: readonly ExplainStep[],
  nowMs: number,
): AlertmanagerAlertJson {
  const names = (stage: ExplainStep['stage'], reason: string): string[] =>
    steps.filter((step) => step.stage === stage && step.reason === reason).map(({ subject }) => subject);
  const silencedBy = names('silence', 'silenced');
  const inhibitedBy = names('inhibit', 'inhibited');
  const isSuppressed = silencedBy.length + inhibitedBy.length > 0;
  return {
    fingerprint,
    labels,
    annotations,
    startsAt: timeOf(firedAtMs),
    endsAt: timeOf(nowMs + SOON_MS),
    updatedAt: timeOf(nowMs),
    generatorURL: '',
    receivers: [...new Set(names('route', 'matched'))].map((name) => ({ name })),
    status: { state: isSuppressed ? 'suppressed' : 'active', silencedBy, inhibitedBy, mutedBy: [] },
  };
}

export function toExplainedJson(alert: Alert, alerting: Pick<Alerting, 'explain'>): ExplainedAlertJson {
  const { fingerprint, name, state, labels, annotations, value, activeAtMs, deliveredTo } = alert;
  const { firedAtMs, resolvedAtMs, resolvedReason, acknowledgedBy } = alert;
  return {
    fingerprint,
    name,
    state,
    labels,
    annotations,
    ...(value === undefined ? {} : { value: String(value) }),
    activeAt: timeOf(activeAtMs),
    ...(firedAtMs === undefined ? {} : { firedAt: timeOf(firedAtMs) }),
    ...(resolvedAtMs === undefined ? {} : { resolvedAt: timeOf(resolvedAtMs) }),
    ...(resolvedReason === undefined ? {} : { resolvedReason }),
    ...(acknowledgedBy === undefined ? {} : { acknowledgedBy }),
    deliveredTo,
    steps: alerting
      .explain(fingerprint)
      .map(({ stage, subject, reason, atMs }) => ({ stage, subject, reason, at: timeOf(atMs) })),
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
