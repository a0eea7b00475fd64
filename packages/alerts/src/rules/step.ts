import type { Vector } from '@tidewatch/core';
import type { TemplateSubject } from '../template/expand-template.ts';
import type { AlertInstance, Instances } from './alert-instance.ts';
import { createCandidates, type Candidate } from './candidate.ts';
import type { AlertRule } from './rule.ts';

export type TransitionReason =
  | 'condition-met'
  | 'for-elapsed'
  | 'for-raised'
  | 'condition-cleared-while-pending'
  | 'condition-cleared'
  | 'keep-firing-elapsed'
  | 'away-too-long'
  | 'source-gone'
  | 'source-back'
  | 'resolved-while-down'
  | 'rule-removed'
  | 'rule-changed';

/** A change of one alert in one evaluation. */
export interface Transition {
  readonly fingerprint: string;
  readonly to: 'pending' | 'firing' | 'no-data' | 'resolved' | 'inactive';
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
 * One evaluation of an alerting rule: pending → firing → resolved, as Prometheus does it. It reads no clock; an alert
 * that has but a new value is the same object, with that value.
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
  const candidates = createCandidates(rule);
  const found = vector.map((sample) => candidates.of(sample, { ...options, nowMs }));
  const result = stepWith(rule, instances, found, nowMs, options.maxInstances);
  return result.status === 'ok' ? { ...result, templateErrors: candidates.takeErrors() } : result;
}

/** {@link step} with its samples already made into candidates. */
export function stepWith(
  rule: AlertRule,
  instances: Instances,
  candidates: readonly Candidate[],
  nowMs: number,
  maxInstances: number = MAX_INSTANCES,
): StepResult {
  const pieces = stepInPieces(rule, instances, candidates, nowMs, maxInstances);
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
  }
}

/** Alerts that are looked at in one piece. */
const PIECE = 500;

/** {@link stepWith} in pieces, between which the caller may do other work; the result comes with the last. */
export function* stepInPieces(
  rule: AlertRule,
  instances: Instances,
  candidates: readonly Candidate[],
  nowMs: number,
  maxInstances: number = MAX_INSTANCES,
): Generator<void, StepResult> {
  const present = new Set<string>();
  for (const candidate of candidates) {
    if (present.size % PIECE === PIECE - 1) yield;
    if (present.has(candidate.fingerprint)) return { status: 'duplicate-labelset', labels: candidate.labels };
    present.add(candidate.fingerprint);
  }

  /** What is another one than before, or gone. Mostly nothing: then the alerts stay in the map they are in. */
  const changes = new Map<string, AlertInstance | undefined>();
  const transitions: Transition[] = [];
  let gone = 0;
  for (const [key, instance] of instances) {
    if (present.has(key) && instance.state !== 'resolved') continue;
    const { kept, transition } = instance.state === 'resolved' ? {} : withoutSample(rule, instance, nowMs);
    changes.set(key, kept);
    if (kept === undefined) gone++;
    if (transition !== undefined) transitions.push(transition);
  }
  const fresh: Candidate[] = [];
  const take = (candidate: Candidate, known: AlertInstance | undefined): void => {
    const { instance, reasons } = withSample(rule, known, candidate, nowMs);
    if (instance !== known) changes.set(candidate.fingerprint, instance);
    for (const [to, reason] of reasons) transitions.push({ fingerprint: candidate.fingerprint, to, reason });
  };
  // Those that exist come first, so that no new one takes their place.
  for (const [index, candidate] of candidates.entries()) {
    if (index % PIECE === PIECE - 1) yield;
    const known = instances.get(candidate.fingerprint);
    if (known === undefined || known.state === 'resolved') fresh.push(candidate);
    else take(candidate, known);
  }
  const admitted = fresh.slice(0, Math.max(0, maxInstances - (instances.size - gone)));
  for (const [index, candidate] of admitted.entries()) {
    if (index % PIECE === PIECE - 1) yield;
    take(candidate, undefined);
  }
  return {
    status: 'ok',
    instances: changes.size === 0 ? instances : withChanges(instances, changes),
    transitions,
    refused: fresh.length - admitted.length,
    templateErrors: [],
  };
}

function withChanges(
  instances: Instances,
  changes: ReadonlyMap<string, AlertInstance | undefined>,
): Instances {
  const next = new Map(instances);
  for (const [key, instance] of changes) {
    if (instance === undefined) next.delete(key);
    else next.set(key, instance);
  }
  return next;
}

type Reasons = readonly (readonly [Transition['to'], TransitionReason])[];

function withSample(
  rule: AlertRule,
  known: AlertInstance | undefined,
  candidate: Candidate,
  nowMs: number,
): { instance: AlertInstance; reasons: Reasons } {
  const { fingerprint, annotations, sampleLabels, value } = candidate;
  const activeAtMs = known?.activeAtMs ?? nowMs;
  const hasElapsed = nowMs - activeAtMs >= rule.forMs;
  const state = hasElapsed ? 'firing' : 'pending';
  if (known !== undefined && known.state === state && isWaitingForNothing(known)) {
    readAgain(known, candidate);
    return { instance: known, reasons: NONE };
  }
  const reasons: (readonly [Transition['to'], TransitionReason])[] = [];
  if (known === undefined) reasons.push(['pending', 'condition-met']);
  if (known?.noDataSinceMs !== undefined) reasons.push(['firing', 'source-back']);
  const common = {
    fingerprint,
    // The same labels keep their identity: much is remembered by it.
    labels: known?.labels ?? candidate.labels,
    annotations,
    sampleLabels,
    value,
    firingValue: value,
    activeAtMs,
  };
  if (state === 'pending') {
    if (known?.state === 'firing') reasons.push(['pending', 'for-raised']);
    return { instance: { ...common, state }, reasons };
  }
  if (known?.state !== 'firing') reasons.push(['firing', 'for-elapsed']);
  const firedAtMs = known?.state === 'firing' ? (known.firedAtMs ?? nowMs) : nowMs;
  return { instance: { ...common, state, firedAtMs }, reasons };
}

const NONE: Reasons = [];

function isWaitingForNothing({ keepFiringSinceMs, noDataSinceMs }: AlertInstance): boolean {
  return keepFiringSinceMs === undefined && noDataSinceMs === undefined;
}

/**
 * Puts a new value into an alert that is otherwise what it was. The one place where an alert is changed: ten thousand
 * new objects at each evaluation, each of which lives until the next, are what makes the heap of the host grow.
 */
function readAgain(known: Writable<AlertInstance>, { value, annotations, sampleLabels }: Candidate): void {
  if (Object.is(known.value, value) && known.annotations === annotations) return;
  known.value = value;
  known.firingValue = value;
  known.annotations = annotations;
  known.sampleLabels = sampleLabels;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function withoutSample(
  rule: AlertRule,
  instance: AlertInstance,
  nowMs: number,
): { kept?: AlertInstance; transition?: Transition } {
  const { fingerprint } = instance;
  if (instance.state === 'pending') {
    return { transition: { fingerprint, to: 'inactive', reason: 'condition-cleared-while-pending' } };
  }
  const keepFiringSinceMs = instance.keepFiringSinceMs ?? nowMs;
  const isKept = rule.keepFiringForMs > 0 && nowMs - keepFiringSinceMs < rule.keepFiringForMs;
  if (isKept) return { kept: { ...instance, keepFiringSinceMs } };
  const reason = rule.keepFiringForMs > 0 ? 'keep-firing-elapsed' : 'condition-cleared';
  return {
    kept: resolvedInstance(instance, 'condition-cleared', nowMs),
    transition: { fingerprint, to: 'resolved', reason },
  };
}

/** An alert that no longer fires; it ends no earlier than it began, however the clock was set. */
export function resolvedInstance(
  instance: AlertInstance,
  resolvedReason: NonNullable<AlertInstance['resolvedReason']>,
  nowMs: number,
): AlertInstance {
  const resolvedAtMs = Math.max(nowMs, instance.firedAtMs ?? instance.activeAtMs);
  return { ...instance, state: 'resolved', value: undefined, resolvedAtMs, resolvedReason };
}
