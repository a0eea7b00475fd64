import type { Sample, Vector } from '@tidewatch/core';
import { expandTemplate, type TemplateSubject } from '../template/expand-template.ts';
import type { AlertInstance, Instances } from './alert-instance.ts';
import { fingerprint } from './fingerprint.ts';
import type { AlertRule } from './rule.ts';

export type TransitionReason =
  | 'condition-met'
  | 'for-elapsed'
  | 'for-raised'
  | 'condition-cleared-while-pending'
  | 'condition-cleared'
  | 'keep-firing-elapsed';

/** A change of one alert in one evaluation. */
export interface Transition {
  readonly fingerprint: string;
  readonly to: 'pending' | 'firing' | 'resolved' | 'inactive';
  readonly reason: TransitionReason;
}

export interface StepOptions extends Pick<TemplateSubject, 'externalLabels' | 'externalUrl' | 'query'> {
  /** New alerts beyond this number are refused; those that exist stay. @defaultValue 10_000 */
  readonly maxInstances?: number;
}

/** The outcome of one evaluation of one rule. */
export type StepResult =
  | {
      readonly status: 'ok';
      /** Pending and firing alerts, and those that resolved in this very step. */
      readonly instances: Instances;
      readonly transitions: readonly Transition[];
      /** Series that got no alert because of `maxInstances`. */
      readonly refused: number;
      /** Templates that failed; the texts carry their errors. */
      readonly templateErrors: readonly string[];
    }
  | { readonly status: 'duplicate-labelset'; readonly labels: Readonly<Record<string, string>> };

/** Default of {@link StepOptions.maxInstances}. */
const MAX_INSTANCES = 10_000;

/**
 * One evaluation of an alerting rule: pending → firing → resolved, as Prometheus does it. Pure.
 *
 * Every sample of the vector holds the condition, whatever its value: NaN is a value. A query that failed
 * must not be passed on as an empty vector; do not call this at all then.
 *
 * @param nowMs - Time of the evaluation, milliseconds since the Unix epoch.
 * @see https://github.com/prometheus/prometheus/blob/main/rules/alerting.go
 */
export function step(
  rule: AlertRule,
  instances: Instances,
  vector: Vector,
  nowMs: number,
  options: StepOptions = {},
): StepResult {
  const { maxInstances = MAX_INSTANCES } = options;
  const templateErrors: string[] = [];
  const candidates = new Map<string, Candidate>();
  for (const sample of vector) {
    const candidate = toCandidate(rule, sample, nowMs, options, templateErrors);
    const key = fingerprint(candidate.labels);
    if (candidates.has(key)) return { status: 'duplicate-labelset', labels: candidate.labels };
    candidates.set(key, candidate);
  }

  const next = new Map<string, AlertInstance>();
  const transitions: Transition[] = [];
  for (const [key, instance] of instances) {
    if (instance.state === 'resolved' || candidates.has(key)) continue;
    const { kept, transition } = withoutSample(rule, instance, nowMs);
    if (kept !== undefined) next.set(key, kept);
    if (transition !== undefined) transitions.push(transition);
  }
  let refused = 0;
  const isKnown = (key: string): boolean => (instances.get(key)?.state ?? 'resolved') !== 'resolved';
  // Those that exist come first, so that no new one takes their place.
  const ordered = [...candidates].toSorted(([a], [b]) => Number(isKnown(b)) - Number(isKnown(a)));
  for (const [key, candidate] of ordered) {
    const known = instances.get(key);
    const isNew = !isKnown(key);
    if (isNew && next.size >= maxInstances) {
      refused++;
      continue;
    }
    const { instance, reasons } = withSample(rule, isNew ? undefined : known, key, candidate, nowMs);
    next.set(key, instance);
    for (const [to, reason] of reasons) transitions.push({ fingerprint: key, to, reason });
  }
  return { status: 'ok', instances: next, transitions, refused, templateErrors };
}

type Candidate = Pick<AlertInstance, 'labels' | 'annotations' | 'sampleLabels'> & { readonly value: number };

function toCandidate(
  rule: AlertRule,
  sample: Sample,
  nowMs: number,
  options: StepOptions,
  errors: string[],
): Candidate {
  const { __name__: _, ...sampleLabels } = sample.labels;
  const subject = { ...options, alertName: rule.name, labels: sampleLabels, value: sample.value, nowMs };
  const expandAll = (texts: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(texts).map(([name, template]) => {
        const { text, error } = expandTemplate(template, subject);
        if (error !== undefined) errors.push(error);
        return [name, text];
      }),
    );
  const merged = { ...sampleLabels, ...expandAll(rule.labels), alertname: rule.name };
  // An empty label value is the absence of the label.
  const labels = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
  return { labels, annotations: expandAll(rule.annotations), sampleLabels, value: sample.value };
}

function withSample(
  rule: AlertRule,
  known: AlertInstance | undefined,
  key: string,
  { labels, annotations, sampleLabels, value }: Candidate,
  nowMs: number,
): { instance: AlertInstance; reasons: (readonly [Transition['to'], TransitionReason])[] } {
  const activeAtMs = known?.activeAtMs ?? nowMs;
  const texts = {
    fingerprint: key,
    labels,
    annotations,
    sampleLabels,
    value,
    firingValue: value,
    activeAtMs,
  };
  const hasElapsed = nowMs - activeAtMs >= rule.forMs;
  const reasons: (readonly [Transition['to'], TransitionReason])[] = [];
  if (known === undefined) reasons.push(['pending', 'condition-met']);
  if (!hasElapsed) {
    if (known?.state === 'firing') reasons.push(['pending', 'for-raised']);
    return { instance: { ...texts, state: 'pending' }, reasons };
  }
  if (known?.state !== 'firing') reasons.push(['firing', 'for-elapsed']);
  const firedAtMs = known?.state === 'firing' ? (known.firedAtMs ?? nowMs) : nowMs;
  return { instance: { ...texts, state: 'firing', firedAtMs }, reasons };
}

function withoutSample(
  rule: AlertRule,
  instance: AlertInstance,
  nowMs: number,
): { kept?: AlertInstance; transition?: Transition } {
  const { fingerprint: key } = instance;
  if (instance.state === 'pending') {
    return { transition: { fingerprint: key, to: 'inactive', reason: 'condition-cleared-while-pending' } };
  }
  const keepFiringSinceMs = instance.keepFiringSinceMs ?? nowMs;
  const isKept = rule.keepFiringForMs > 0 && nowMs - keepFiringSinceMs < rule.keepFiringForMs;
  if (isKept) return { kept: { ...instance, keepFiringSinceMs } };
  const reason = rule.keepFiringForMs > 0 ? 'keep-firing-elapsed' : 'condition-cleared';
  return {
    kept: {
      ...instance,
      state: 'resolved',
      value: undefined,
      resolvedAtMs: nowMs,
      resolvedReason: 'condition-cleared',
    },
    transition: { fingerprint: key, to: 'resolved', reason },
  };
}
