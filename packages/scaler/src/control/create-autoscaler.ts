import {
  ConfigError,
  createMetricProducer,
  guardedLogger,
  publishToMeter,
  silentLogger,
  systemClock,
  type Clock,
  type ConfigIssue,
  type Disposable,
  type InstantQuery,
  type Locale,
  type Logger,
  type Meter,
  type MetricProducer,
  type RangeQuery,
} from '@tidewatch/core';
import type { AutoscalerConfig, MetricRule } from '../config/autoscaler-config.ts';
import type { Lease } from '../lease/hold-lease.ts';
import type { Learner } from '../memory/autoscaler-memory.ts';
import type { StateStore } from '../memory/state-store.ts';
import { alternativesTo, asksOf } from '../policy/alternatives.ts';
import { decide } from '../policy/decide.ts';
import type { Decision, DecisionInput } from '../policy/decision.ts';
import { guardDecision } from '../policy/guard-decision.ts';
import type { ReplicaState, ScaleTarget } from '../targets/scale-target.ts';
import { decisionLines, decisionSentence, decisionTexts } from '../texts/decision-texts.ts';
import { account, initialState, type ControllerState, type DecisionRecord } from './controller-state.ts';
import { createRecollection } from './recollection.ts';
import { followFleet } from './follow-fleet.ts';
import { endpointQuery } from './endpoint-query.ts';
import { readMetrics } from './read-metrics.ts';
import { scalerFamilies, scalerMetrics } from './scaler-metrics.ts';
import type { Forecaster } from '../forecast/forecaster.ts';
import { backfillService } from './backfill-service.ts';
import { followForecast } from './follow-forecast.ts';
import { serviceLearner } from '../slo/service-learner.ts';
import { withSignal } from '../with-signal.ts';

export interface AutoscalerOptions {
  /** From `loadAutoscalerConfig`. */
  readonly config: AutoscalerConfig;
  /** What is scaled. It stays the caller's: closing the autoscaler does not close it. */
  readonly target: ScaleTarget;
  /** Answers the queries of the metrics. Without it each metric's `endpoint` is asked over HTTP. */
  readonly query?: InstantQuery;
  /**
   * Series that are known not to exist on this machine, with the reason. A metric of the configuration
   * that selects only such series is set aside: known to be absent is not the same as unknown.
   */
  readonly unavailable?: Readonly<Record<string, string>>;
  /** Language of the log lines. @defaultValue 'en' */
  readonly locale?: Locale;
  /** Pause between ticks. @defaultValue `interval` of the configuration, 15 s */
  readonly intervalMs?: number;
  /** Decides, records and explains; changes nothing. @defaultValue false */
  readonly dryRun?: boolean;
  /** Decision records kept for `decisions()`. @defaultValue 500 */
  readonly keepDecisions?: number;
  /** Longest wait for the queries and for the target's count in one tick. @defaultValue 10_000 */
  readonly readTimeoutMs?: number;
  /** Longest time that a replica may take to become ready; after it, no more are added. @defaultValue 900_000 */
  readonly readyTimeoutMs?: number;
  /** Keeps cooldowns, what was learned and the last decisions over a restart. @defaultValue the process alone */
  readonly stateStore?: StateStore;
  /**
   * Answers the past of the rate, for the modes with a latency objective: what a service did in the last days is
   * learned at the start. @defaultValue none
   */
  readonly history?: RangeQuery;
  /** Expects the load, for the modes with a latency objective; it can only raise the replicas. @defaultValue none */
  readonly forecaster?: Forecaster;
  /** What learns, by name: kept in the state store. @defaultValue none */
  readonly learners?: Readonly<Record<string, Learner>>;
  /** Lets one of several controllers of a target act. It stays the caller's. @defaultValue none: this one acts */
  readonly lease?: Lease;
  /** Hears every decision. What it throws is logged. */
  readonly onDecision?: (record: DecisionRecord) => void;
  /** An OpenTelemetry meter that observes the metrics, where no reader takes `metricProducer`. @defaultValue none */
  readonly meter?: Meter;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Where the autoscaler stands, as plain data. */
export interface AutoscalerStatus {
  readonly running: boolean;
  readonly dryRun: boolean;
  /** As last observed. Absent: not yet. */
  readonly replicas?: ReplicaState;
  readonly lastDecision?: DecisionRecord;
  /** The replicas a step under way works towards. */
  readonly scalingTo?: number;
  readonly lastError?: {
    readonly timeMs: number;
    readonly stage: 'observe' | 'scale';
    readonly message: string;
  };
}

export interface Autoscaler extends Disposable {
  /** Ticks until closed. A failed tick is logged, and the next one is tried. Calling it twice is calling it once. */
  start(): void;
  /**
   * Decides once, and waits until a step that it takes is completed.
   *
   * Ticks never overlap: one asked for during another's decision shares it. Resolves with `undefined` when
   * the target cannot be observed or the autoscaler is closed; never rejects.
   *
   * @param atMs - Time of the decision in milliseconds since the Unix epoch. Default: now.
   */
  tick(atMs?: number): Promise<DecisionRecord | undefined>;
  /** The last decisions, oldest first. */
  decisions(): readonly DecisionRecord[];
  status(): AutoscalerStatus;
  /** Give it to any OpenTelemetry reader as one of `metricProducers`. */
  readonly metricProducer: MetricProducer;
}

interface Step {
  readonly direction: 'up' | 'down';
  readonly to: number;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Watches the metrics and scales the target: the one loop of this package.
 *
 * @throws {@link ConfigError} when a metric can be asked nowhere, or the mode has no latency to keep.
 */
export function createAutoscaler(options: AutoscalerOptions): Autoscaler {
  const { config, target, unavailable = {}, locale = 'en', dryRun = false, onDecision } = options;
  const { clock = systemClock, keepDecisions = 500, readTimeoutMs = 10_000 } = options;
  const { readyTimeoutMs = 900_000, stateStore, lease } = options;
  const service = serviceLearner(config);
  const learners = { ...options.learners, ...(service === undefined ? {} : { service }) };
  const logger = guardedLogger(options.logger ?? silentLogger);
  const expected = followForecast({ forecaster: options.forecaster, service, logger });
  const backfill = backfillService({ config, service, history: options.history, logger });
  const { intervalMs = config.intervalMs } = options;
  checkNumbers({ intervalMs, readTimeoutMs, keepDecisions, readyTimeoutMs });
  const queryOf = chooseQuery(config, options.query);
  const texts = decisionTexts[locale];
  const state = initialState();
  const recollection = createRecollection({
    state,
    stateStore,
    learners,
    keepDecisions,
    dryRun,
    timeoutMs: readTimeoutMs,
    texts,
    logger,
  });
  const fleet = followFleet({ state, clock, intervalMs, readyTimeoutMs, dryRun, texts, logger });
  const stop = new AbortController();
  let round: Promise<{ record: DecisionRecord | undefined; step: Step | undefined }> | undefined;
  let step: Step | undefined;
  let loop: Promise<void> | undefined;

  async function decideOnce(atMs: number | undefined): Promise<{
    record: DecisionRecord | undefined;
    step: Step | undefined;
  }> {
    // An `atMs` of the caller's and our own clock may be apart; durations are measured on the clock.
    const nowMs = atMs ?? clock.now();
    const offsetMs = nowMs - clock.now();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(readTimeoutMs)]);
    // An `atMs` of the caller's is no clock that could be stepped.
    const clockStepped = atMs === undefined && fleet.isClockStepped();
    const isLeader = lease === undefined || (await lease.settled(signal).catch(() => false));
    await backfill(nowMs, signal);
    await recollection.recall(nowMs, isLeader ? (lease?.term() ?? 0) : undefined);
    let replicas: ReplicaState;
    try {
      replicas = checkedCounts(await withSignal(target.observe(signal), signal));
    } catch (error) {
      if (!stop.signal.aborted) fail('observe', nowMs, error);
      return { record: undefined, step: undefined };
    }
    account(state, nowMs, config.maxReplicas);
    state.replicas = replicas;
    fleet.judge(replicas, nowMs, step !== undefined);
    const metrics = await readMetrics(config.metrics, queryOf, unavailable, nowMs, signal);
    if (stop.signal.aborted) return { record: undefined, step: undefined };
    const { lastUpMs, lastDownMs } = state;
    const input: DecisionInput = {
      nowMs,
      metrics,
      replicas,
      ...(lastUpMs === undefined ? {} : { lastUpMs }),
      ...(lastDownMs === undefined ? {} : { lastDownMs }),
      ...service?.observe({
        nowMs,
        metrics,
        ready: replicas.ready,
        forecasts: expected.at(nowMs, stop.signal),
      }),
    };
    const unguarded = decide(input, config);
    const decision = guardDecision(unguarded, {
      isLeader: isLeader && (lease?.isHeld() ?? true),
      clockStepped,
      replicasFailing: fleet.isFailing(nowMs),
      updating: replicas.updating ?? false,
    });
    const asks = asksOf(unguarded, input, config);
    const otherwise = alternativesTo(decision, unguarded, input, config);
    const { forecasts = {} } = input;
    const record = keep(decision, {
      replicas,
      timeMs: nowMs,
      asks,
      ...(Object.keys(forecasts).length > 0 && { forecasts }),
      otherwise,
    });
    if (record.applied) state.askedFor = record.to;
    // What is intended is kept before it is done: after a crash in the middle, the change is known as ours.
    if (isLeader) await recollection.save(nowMs);
    return { record, step: record.applied ? takeStep(record, offsetMs) : undefined };
  }

  function keep(
    decision: Decision,
    facts: Pick<DecisionRecord, 'replicas' | 'timeMs' | 'asks' | 'forecasts' | 'otherwise'>,
  ): DecisionRecord {
    const applied = decision.action !== 'hold' && !dryRun;
    const record: DecisionRecord = {
      ...decision,
      ...facts,
      applied,
      sentence: decisionSentence(decision),
    };
    const isNews = decision.action !== 'hold' || decision.reason !== state.lastRecord?.reason;
    state.lastRecord = record;
    state.records.push(record);
    if (state.records.length > keepDecisions) state.records.shift();
    const key = `${record.action} ${record.reason}`;
    state.decisionCounts.set(key, (state.decisionCounts.get(key) ?? 0) + 1);
    // A hold that only repeats itself is not news.
    const fields = { action: record.action, reason: record.reason, from: record.from, to: record.to };
    for (const line of decisionLines(decision, locale)) {
      if (isNews) logger.info(fields, line);
      else logger.debug(fields, line);
    }
    if (dryRun && decision.action !== 'hold') logger.info(fields, texts.dryRun);
    try {
      onDecision?.(record);
    } catch (error) {
      logger.error({ error }, 'onDecision failed');
    }
    return record;
  }

  /** Starts the change and lets the ticks go on: a rescue must not wait for a drain. */
  function takeStep({ action, to, from }: DecisionRecord, offsetMs: number): Step {
    step?.abort.abort(new Error('a later step took over'));
    const direction = action === 'up' ? 'up' : 'down';
    const abort = new AbortController();
    const signal = AbortSignal.any([
      stop.signal,
      abort.signal,
      ...(lease === undefined ? [] : [lease.lost()]),
    ]);
    const taken: Step = { direction, to, abort, done: carryOut() };
    step = taken;
    return taken;

    async function carryOut(): Promise<void> {
      // One turn later, so that `step` is set even when the target answers at once.
      await Promise.resolve();
      const begunMs = clock.now() + offsetMs;
      try {
        signal.throwIfAborted();
        await withSignal(target.scaleTo(to, signal), signal);
        const completedMs = clock.now() + offsetMs;
        const found = await observeAfter(completedMs, signal);
        if (found !== undefined && found.desired !== to) {
          throw new Error(`the target says that it is done, and reports ${found.desired} wanted replicas`);
        }
        if (direction === 'up') service?.started(completedMs - begunMs);
        if (direction === 'up') state.lastUpMs = completedMs;
        else state.lastDownMs = completedMs;
        logger.info({ action, from, to }, direction === 'up' ? texts.added(to) : texts.removed(to));
        await recollection.save(completedMs);
      } catch (error) {
        if (!signal.aborted) {
          // How far it came is not known: whatever is found next is taken as it is.
          state.askedFor = undefined;
          fail('scale', clock.now() + offsetMs, error);
          logger.warn({ action, from, to }, texts.failed(to));
        }
      } finally {
        if (step === taken) step = undefined;
      }
    }
  }

  /** The step is completed, whether or not the replicas can be counted now. */
  async function observeAfter(completedMs: number, signal: AbortSignal): Promise<ReplicaState | undefined> {
    try {
      const replicas = checkedCounts(await withSignal(target.observe(signal), signal));
      account(state, completedMs, config.maxReplicas);
      state.replicas = replicas;
      return replicas;
    } catch (error) {
      if (!signal.aborted) fail('observe', completedMs, error);
      return undefined;
    }
  }

  function fail(stage: 'observe' | 'scale', timeMs: number, error: unknown): void {
    state.failureCounts[stage]++;
    state.lastError = { timeMs, stage, message: error instanceof Error ? error.message : String(error) };
    logger.error({ error, stage }, 'autoscaler tick failed');
  }

  function runRound(atMs: number | undefined): NonNullable<typeof round> {
    round ??= decideOnce(atMs).finally(() => {
      round = undefined;
    });
    return round;
  }

  async function tick(atMs?: number): Promise<DecisionRecord | undefined> {
    if (stop.signal.aborted) return undefined;
    const { record, step } = await runRound(atMs);
    await step?.done;
    return record;
  }

  async function runLoop(): Promise<void> {
    while (!stop.signal.aborted) {
      await runRound(undefined).catch((error: unknown) => logger.error({ error }, 'autoscaler tick failed'));
      await clock.sleep(intervalMs, stop.signal).catch(() => {});
    }
  }

  const metricProducer = createMetricProducer({
    scope: '@tidewatch/scaler',
    families: () => scalerFamilies(state, config),
    clock,
  });
  const unpublish =
    options.meter &&
    publishToMeter({ meter: options.meter, producer: metricProducer, definitions: scalerMetrics, clock });

  async function close(): Promise<void> {
    unpublish?.();
    stop.abort(new Error('the autoscaler is closed'));
    await Promise.all([loop, round?.catch(() => {}), step?.done]);
  }

  return {
    start() {
      if (!stop.signal.aborted) loop ??= runLoop();
    },
    tick,
    decisions: () => [...state.records],
    status: () => describe(state, loop !== undefined && !stop.signal.aborted, dryRun, step),
    metricProducer,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A pause of 0 would spin, a bound that is no number would be none. */
function checkNumbers(numbers: Readonly<Record<string, number>>): void {
  const issues = Object.entries(numbers).flatMap(([path, value]): ConfigIssue[] =>
    Number.isFinite(value) && value >= 1
      ? []
      : [{ code: 'out-of-range', path, problem: `expected a number from 1, got ${value}` }],
  );
  const [first, ...rest] = issues;
  if (first !== undefined) throw new ConfigError('createAutoscaler', [first, ...rest]);
}

/** A count that is no count must not become a decision. */
function checkedCounts(state: ReplicaState): ReplicaState {
  const { desired, ready, starting, draining } = state;
  for (const [name, count] of Object.entries({ desired, ready, starting, draining })) {
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError(`the target reports ${String(count)} ${name} replicas`);
  }
  return state;
}

function describe(
  { replicas, lastRecord, lastError }: ControllerState,
  running: boolean,
  dryRun: boolean,
  step: Step | undefined,
): AutoscalerStatus {
  return {
    running,
    dryRun,
    ...(replicas === undefined ? {} : { replicas }),
    ...(lastRecord === undefined ? {} : { lastDecision: lastRecord }),
    ...(step === undefined ? {} : { scalingTo: step.to }),
    ...(lastError === undefined ? {} : { lastError }),
  };
}

/** The host's query for every metric, or one of its own for each endpoint. */
function chooseQuery(
  config: AutoscalerConfig,
  query: InstantQuery | undefined,
): (rule: MetricRule) => InstantQuery {
  if (config.mode !== 'threshold' && config.objective === undefined) {
    throw new ConfigError(config.source, [
      {
        code: 'missing-key',
        path: 'slo',
        problem: `the mode ${config.mode} has no latency to keep`,
        remedy: 'add slo: { max_latency: 500 }',
      },
    ]);
  }
  if (query !== undefined) return () => query;
  const issues = config.metrics.flatMap((metric, index): ConfigIssue[] =>
    metric.endpoint === undefined
      ? [
          {
            code: 'missing-key',
            path: `metrics[${index}].endpoint`,
            problem: 'missing; nothing can be asked for this metric',
            remedy: 'write the endpoint, or give createAutoscaler the option query',
          },
        ]
      : [],
  );
  const [first, ...rest] = issues;
  if (first !== undefined) throw new ConfigError(config.source, [first, ...rest]);
  const byEndpoint = new Map<string, InstantQuery>();
  for (const { endpoint } of config.metrics) {
    if (endpoint !== undefined) byEndpoint.set(endpoint, endpointQuery(endpoint));
  }
  return ({ endpoint = '' }) => byEndpoint.get(endpoint) ?? endpointQuery(endpoint);
}
