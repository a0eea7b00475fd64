import {
  createMetricProducer,
  guardedLogger,
  silentLogger,
  systemClock,
  type Disposable,
  type MetricProducer,
  type NumberFamily,
} from '@tidewatch/core';
import { daysOutdated } from '../cost/gpu-prices.ts';
import { createUsageAccount, type GpuSpan } from '../cost/usage-account.ts';
import type { UsageReport } from '../cost/usage-report.ts';
import { deviceState, type GpuDevice } from '../device/gpu-device.ts';
import type { GpuReadings, GpuSource } from '../device/gpu-source.ts';
import { deviceFilter } from '../device/select-devices.ts';
import { createAlarm } from './alarm.ts';
import { autoSource } from './auto-source.ts';
import { allLost } from '../nvml/helper-protocol.ts';
import { inlineSource } from '../nvml/inline-source.ts';
import { nvmlSource } from '../nvml/nvml-source.ts';
import { judgeFallback, noFallback, totalSelfMemory } from './cpu-fallback.ts';
import { callRoll, emptyRoll } from './device-changes.ts';
import { createDeviceCounts } from './device-counts.ts';
import type { GpuEvent } from './gpu-event.ts';
import { detailFamilies } from './detail-metrics.ts';
import { gpuFamilies } from './gpu-metrics.ts';
import { reasonOf, stateOf, type GpuReason, type GpuState } from './gpu-status.ts';
import { smiSource } from '../nvidia-smi/smi-source.ts';
import { checkMonitorOptions, type GpuMonitorOptions } from './monitor-options.ts';
import { reasonText } from './reason-text.ts';
import { countCrash, retryDelayMs, type RetryCause } from './retry-delay.ts';
import { roundFamilies } from './round-metrics.ts';
import { semconvFamilies } from './semconv-metrics.ts';
import { timedReader, type TimedReport } from './timed-reader.ts';

/** How the monitor is. */
export interface GpuStatus {
  readonly state: GpuState;
  /** Why the state is not `ok`; absent when it is. */
  readonly reason?: GpuReason;
  /** What to do about it, in the language of the option `locale`. */
  readonly hint?: string;
  /** What was seen: a path, a driver's code, a signal. */
  readonly evidence?: string;
  /** Where readings come from: `nvml`, `nvidia-smi`, `off`, or the name of your own source. */
  readonly source: string;
  /** Version of the driver, once it was read. */
  readonly driver?: string;
  /** Since when the reason has been this one. */
  readonly sinceMs: number;
  /** When the next reading is due; absent when there will be none. */
  readonly nextTryAtMs?: number;
}

/** The last round of readings that succeeded. */
export interface GpuSnapshot {
  readonly takenAtMs: number;
  /** At the time of the call, never negative. */
  readonly ageMs: number;
  /** A later round failed, or it is older than three intervals. Stale readings are not published. */
  readonly stale: boolean;
  readonly devices: readonly GpuDevice[];
}

export interface GpuMonitor extends Disposable {
  status(): GpuStatus;
  /** `undefined` until a round has succeeded. Never asks the driver. */
  snapshot(): GpuSnapshot | undefined;
  /** Reads now, or joins the round under way. Never rejects: the status tells how it went. */
  refresh(): Promise<GpuStatus>;
  /** What the GPUs did and cost since the monitor was created, and what a thousand predictions took. */
  usage(): UsageReport;
  /** Begins a piece of work, whose part of the GPUs' time, energy and money its end tells. Never throws. */
  span(name: string): GpuSpan;
  /** For the option `metricProducers` of an OpenTelemetry metric reader. */
  readonly metricProducer: MetricProducer;
}

const STALE_INTERVALS = 3;
/** How long `close()` waits for a round under way before it cuts it off, and then for the source to close. */
const CLOSE_MS = 2_000;
const SOURCE_CLOSE_MS = 5_000;

/**
 * Watches the GPUs of this machine and publishes their readings as metrics.
 *
 * Resolves after the first round, at the latest after `timeoutMs`. Never fails for what it finds: a
 * machine without a GPU gets a monitor whose status says why, and no metrics.
 *
 * @throws {@link ConfigError} when an option cannot be.
 */
export async function createGpuMonitor(options: GpuMonitorOptions = {}): Promise<GpuMonitor> {
  checkMonitorOptions(options);
  const { timeoutMs = 5_000, locale = 'en' } = options;
  const { clock = systemClock, random = Math.random, onEvent } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);
  const source = chooseSource(options);
  const intervalMs = (): number => Math.max(options.intervalMs ?? 10_000, source?.leastIntervalMs ?? 0);
  const isOurs = deviceFilter(options.devices ?? 'visible', process.env);
  const closing = new AbortController();
  const cutOff = new AbortController();
  const read = source && timedReader(source, { timeoutMs, clock, stop: cutOff.signal });

  const account = createUsageAccount({ clock, prices: options.cost });
  const outdatedDays = options.cost && daysOutdated(options.cost, clock.now());
  if (outdatedDays !== undefined) {
    logger.warn({ asOf: options.cost?.asOf, outdatedDays }, reasonText('prices-outdated', locale).text);
  }

  let status: GpuStatus = { state: 'none', source: source?.name ?? 'off', sinceMs: clock.now() };
  let hasStatus = false;
  let taken: { readonly atMs: number; readonly devices: readonly GpuDevice[] } | undefined;
  let ours: ReadonlySet<string> = new Set();
  let lastRoundFailed = false;
  let cause: RetryCause | undefined;
  let failures = 0;
  let crashesMs: readonly number[] = [];
  let roll = emptyRoll;
  const counts = createDeviceCounts();
  const outcomes = new Map<string, number>([['ok', 0]]);
  let lastSeconds = 0;
  let fallback = noFallback;
  let predictionsSeen = 0;
  let round: Promise<void> | undefined;
  /** The next round. Whatever was planned before is dropped. */
  const alarm = createAlarm(clock, () => void readNow());

  function accept(report: GpuReadings): void {
    taken = { atMs: clock.now(), devices: report.devices };
    counts.add(report.devices);
    const called = callRoll(roll, report.devices);
    roll = called.roll;
    called.changes.forEach(tell);
    for (const { index, uuid, name, xids = [] } of report.devices) {
      for (const xid of xids) tell({ type: 'xid', device: { index, uuid, name }, xid });
    }
  }

  function watchFallback(devices: readonly GpuDevice[]): void {
    const predictions = account.predictions();
    const selfMemoryBytes = totalSelfMemory(devices);
    const before = fallback;
    fallback = judgeFallback(before, {
      predictions: predictions - predictionsSeen,
      ...(selfMemoryBytes !== undefined && { selfMemoryBytes }),
    });
    predictionsSeen = predictions;
    if (fallback.isFallback === before.isFallback) return;
    tell({ type: fallback.isFallback ? 'cpu-fallback' : 'cpu-fallback-over' });
    if (!fallback.isFallback) return;
    const { text, hint } = reasonText('cpu-fallback', locale);
    logger.warn({ hint }, text);
  }

  function judge(report: TimedReport): GpuReason | undefined {
    if (report.ok) return reasonOf(report);
    if (report.reason !== 'helper-crashed') return report.reason;
    const counted = countCrash(crashesMs, clock.now());
    crashesMs = counted.crashesMs;
    return counted.givesUp ? 'helper-gave-up' : 'helper-crashed';
  }

  /** Services that a machine starts together must not ask its driver together: the first pause is up to a tenth shorter. */
  function nextPauseMs(): number | undefined {
    const delayMs = retryDelayMs(cause, failures, intervalMs());
    const isFirst = !hasStatus && cause === undefined && typeof options.source !== 'object';
    if (delayMs === undefined || !isFirst) return delayMs;
    return Math.max(source?.leastIntervalMs ?? 0, delayMs * (1 - random() / 10));
  }

  /** Takes on a reason, and says so once when it is a new one. */
  function settle(reason: GpuReason | undefined, report?: TimedReport): void {
    const before = status;
    const nowMs = clock.now();
    const isNew = !hasStatus || before.reason !== reason;
    const causeBefore = cause;
    cause = report?.ok === true && allLost(report) ? 'all-devices-lost' : reason;
    failures = cause === causeBefore ? failures + 1 : 1;
    const delayMs = nextPauseMs();
    const driver = report?.ok === true && report.driver !== undefined ? report.driver : before.driver;
    const evidence = report?.ok === false ? report.evidence : undefined;
    const text = reason && reasonText(reason, locale);
    status = {
      state: stateOf(reason),
      ...(reason !== undefined && { reason }),
      ...(text && { hint: text.hint }),
      ...(evidence !== undefined && { evidence }),
      source: source?.name ?? 'off',
      ...(driver !== undefined && { driver }),
      sinceMs: isNew ? nowMs : before.sinceMs,
      ...(delayMs !== undefined && { nextTryAtMs: nowMs + delayMs }),
    };
    if (delayMs === undefined) alarm.clear();
    else alarm.set(delayMs);
    if (!isNew) return;
    const from = hasStatus ? { from: before.state } : {};
    hasStatus = true;
    announce();
    tell({ type: 'state', ...from, to: status.state, ...(reason !== undefined && { reason }) });
  }

  /** One log line for each new reason. */
  function announce(): void {
    const { state, reason, hint, evidence, driver } = status;
    if (reason === undefined) {
      logger.info({ driver, devices: taken?.devices.length }, reasonText('ok', locale).text);
      return;
    }
    const isWished = reason === 'off' || reason === 'closed';
    const level = isWished ? 'debug' : state === 'none' ? 'info' : 'warn';
    logger[level]({ reason, hint, evidence }, reasonText(reason, locale).text);
  }

  /** An async function is a legal `onEvent`: what it rejects with must not end the service. */
  function tell(event: GpuEvent): void {
    const told = (async () => onEvent?.(event))();
    told.catch((error: unknown) => {
      logger.error({ error, event: event.type }, 'the GPU monitor option onEvent threw');
    });
  }

  /** Only the GPUs that are ours. Those without a name cannot be told apart: they are kept where all are ours. */
  function selected(report: TimedReport): TimedReport {
    if (!report.ok || isOurs === undefined || report.devices.length + report.unidentified.length === 0) {
      return report;
    }
    // A lost GPU no longer tells its instances, by which it may have been meant.
    const devices = report.devices.filter(
      (device) => isOurs(device) || (deviceState(device) === 'lost' && ours.has(device.uuid)),
    );
    ours = new Set(devices.map(({ uuid }) => uuid));
    if (devices.length > 0) return { ...report, devices, unidentified: [] };
    const evidence = `of ${report.devices.length} GPUs`;
    return { ok: false, reason: 'none-selected', evidence };
  }

  async function runRound(read: () => Promise<TimedReport>): Promise<void> {
    const startedMs = clock.monotonic?.() ?? clock.now();
    const report = selected(await read());
    if (cutOff.signal.aborted) return;
    lastSeconds = Math.max(0, (clock.monotonic?.() ?? clock.now()) - startedMs) / 1000;
    lastRoundFailed = !report.ok;
    account.round(report.ok ? report.devices : undefined, STALE_INTERVALS * intervalMs());
    if (report.ok) watchFallback(report.devices);
    if (report.ok) accept(report);
    const reason = judge(report);
    const outcome = report.ok ? 'ok' : report.reason;
    if (taken !== undefined) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    settle(reason, report);
  }

  /** Rounds never overlap: who asks during one gets that one. */
  function readNow(): Promise<void> {
    if (read === undefined || closing.signal.aborted) return Promise.resolve();
    round ??= runRound(read).finally(() => {
      round = undefined;
    });
    return round;
  }

  const isStale = (atMs: number): boolean =>
    lastRoundFailed || clock.now() - atMs > STALE_INTERVALS * intervalMs();

  function readingFamilies(devices: readonly GpuDevice[]): readonly NumberFamily[] {
    return [
      ...gpuFamilies(devices, counts.energy),
      ...detailFamilies(devices, counts),
      ...(options.semconv === true ? semconvFamilies(devices, counts) : []),
      ...account.families(counts.energy),
    ];
  }

  /** Waits, but not for ever. */
  async function within(ms: number, work: Promise<unknown>): Promise<void> {
    const waited = new AbortController();
    await Promise.race([work, clock.sleep(ms, waited.signal).catch(() => {})]);
    waited.abort();
  }

  async function closeSource(): Promise<void> {
    try {
      await source?.close();
    } catch (error) {
      logger.warn({ error }, 'the GPU source failed to close');
    }
  }

  async function closeAll(): Promise<void> {
    closing.abort();
    if (round !== undefined) await within(CLOSE_MS, round);
    cutOff.abort();
    await within(SOURCE_CLOSE_MS, closeSource());
    taken = undefined;
    settle('closed');
  }

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= closeAll());

  if (read === undefined) settle('off');
  else await readNow();

  return {
    status: () => status,
    snapshot() {
      if (taken === undefined) return undefined;
      const { atMs, devices } = taken;
      return { takenAtMs: atMs, ageMs: Math.max(0, clock.now() - atMs), stale: isStale(atMs), devices };
    },
    async refresh() {
      await readNow();
      return status;
    },
    usage: () => account.report(counts.energy),
    span: (name) => account.span(name),
    metricProducer: createMetricProducer({
      scope: '@tidewatch/gpu',
      clock,
      families: () =>
        taken === undefined
          ? []
          : [
              ...(isStale(taken.atMs) ? [] : readingFamilies(taken.devices)),
              ...roundFamilies({ outcomes, lastSeconds }),
            ],
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function chooseSource({
  source = 'auto',
  clock = systemClock,
  ...options
}: GpuMonitorOptions): GpuSource | undefined {
  if (source === 'off') return undefined;
  if (typeof source === 'object') return source;
  const libraryPath = options.libraryPath ?? process.env['TIDEWATCH_NVML_LIBRARY'];
  const { slowIntervalMs, processes, isolation = 'auto' } = options;
  const nvmlOptions = {
    clock,
    ...(libraryPath !== undefined && { libraryPath }),
    ...(slowIntervalMs !== undefined && { slowIntervalMs }),
    ...(processes !== undefined && { processes }),
  };
  if (source === 'nvidia-smi') return smiSource();
  const nvml = isolation === 'inline' ? inlineSource(nvmlOptions) : nvmlSource(nvmlOptions);
  return source === 'nvml' ? nvml : autoSource(nvml, { looksFirst: libraryPath === undefined });
}
