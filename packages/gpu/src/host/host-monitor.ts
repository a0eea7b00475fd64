import {
  ConfigError,
  createMetricProducer,
  guardedLogger,
  silentLogger,
  systemClock,
  type Clock,
  type Disposable,
  type Logger,
  type MetricProducer,
} from '@tidewatch/core';
import { cpuUtilization, type CpuTimes } from './cpu-times.ts';
import { measureEventLoopDelay } from './event-loop-delay.ts';
import { hostFamilies } from './host-metrics.ts';
import { systemProbe, type HostProbe } from './host-probe.ts';
import type { HostReadings } from './host-readings.ts';

export interface HostMonitorOptions {
  /** Pause between readings, at least 1000. @defaultValue 10_000 */
  readonly intervalMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** Where the machine's load comes from. @defaultValue the machine itself */
  readonly probe?: HostProbe;
}

/** One round of readings. */
export interface HostSnapshot extends HostReadings {
  readonly takenAtMs: number;
}

export interface HostMonitor extends Disposable {
  /** `undefined` until the first round is over. */
  snapshot(): HostSnapshot | undefined;
  /** Reads now, or joins the round under way. Never rejects: what fails is absent from the snapshot. */
  refresh(): Promise<void>;
  /** For the option `metricProducers` of an OpenTelemetry metric reader. */
  readonly metricProducer: MetricProducer;
}

/** How long the probe may take to answer. */
const ANSWER_MS = 5_000;

/**
 * Watches the machine's processors, memory and graphics controllers of other makers than NVIDIA, what a container
 * leaves of them, and this process's event loop.
 *
 * The first round starts at once; later ones follow every `intervalMs`.
 *
 * @throws {@link ConfigError} when `intervalMs` is not a number of at least 1000.
 */
export function createHostMonitor(options: HostMonitorOptions = {}): HostMonitor {
  const { intervalMs = 10_000, clock = systemClock, probe = systemProbe } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);
  checkInterval(intervalMs);
  const closing = new AbortController();
  const eventLoop = measureEventLoopDelay();
  let snapshot: HostSnapshot | undefined;
  let round: Promise<void> | undefined;
  let hasWarned = false;
  let cpuBefore: CpuTimes | undefined;

  function warnOnce(error: unknown): undefined {
    if (!hasWarned) logger.warn({ error }, 'a reading of the host failed; it is left out while it does');
    hasWarned = true;
    return undefined;
  }

  function attempt<T>(reading: () => T): T | undefined {
    try {
      return reading();
    } catch (error) {
      return warnOnce(error);
    }
  }

  /** Since the call before: the first round has no answer yet. */
  function takeCpu(): number | undefined {
    const now = attempt(() => probe.cpuTimes());
    const share = now && cpuBefore && cpuUtilization(cpuBefore, now);
    cpuBefore = now ?? cpuBefore;
    return share;
  }

  /** Asks one at a time, and a probe that hangs costs its own reading only. */
  function patiently<Answer>(ask: () => Promise<Answer>): () => Promise<Answer | undefined> {
    let asked: Promise<Answer> | undefined;
    return async () => {
      const answered = new AbortController();
      try {
        asked ??= ask().finally(() => {
          asked = undefined;
        });
        const late = clock.sleep(ANSWER_MS, AbortSignal.any([closing.signal, answered.signal])).then(() => {
          throw new Error(`the probe did not answer within ${ANSWER_MS} ms`);
        });
        return await Promise.race([asked, late]);
      } catch (error) {
        return closing.signal.aborted ? undefined : warnOnce(error);
      } finally {
        answered.abort();
      }
    };
  }

  const takeMemory = patiently(() => probe.memory());
  const takeControllers = patiently(async () => probe.controllers?.() ?? []);

  async function runRound(): Promise<void> {
    const [memory, controllers = []] = await Promise.all([takeMemory(), takeControllers()]);
    if (closing.signal.aborted) return;
    const cpu = takeCpu();
    const limits = attempt(() => probe.limits?.());
    const eventLoopDelaySeconds = eventLoop.take();
    snapshot = {
      takenAtMs: clock.now(),
      ...(cpu !== undefined && { cpuUtilization: cpu }),
      ...(memory && { memoryUsedBytes: memory.usedBytes, memoryTotalBytes: memory.totalBytes }),
      ...(eventLoopDelaySeconds && { eventLoopDelaySeconds }),
      ...(limits && Object.keys(limits).length > 0 && { limits }),
      ...(controllers.length > 0 && { controllers }),
    };
  }

  function refresh(): Promise<void> {
    if (closing.signal.aborted) return Promise.resolve();
    round ??= runRound().finally(() => {
      round = undefined;
    });
    return round;
  }

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      await refresh();
      await clock.sleep(intervalMs, closing.signal).catch(() => {});
    }
  }

  const running = loop();
  const close = async (): Promise<void> => {
    closing.abort();
    eventLoop.close();
    await running;
    snapshot = undefined;
  };

  return {
    snapshot: () => snapshot,
    refresh,
    metricProducer: createMetricProducer({
      scope: '@tidewatch/gpu',
      clock,
      families: () => (snapshot === undefined ? [] : hostFamilies(snapshot)),
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function checkInterval(intervalMs: unknown): void {
  if (typeof intervalMs === 'number' && intervalMs >= 1_000 && intervalMs < 2 ** 31) return;
  const problem = `expected at least 1000 milliseconds, got ${String(intervalMs)}`;
  throw new ConfigError('createHostMonitor options', [{ code: 'out-of-range', path: 'intervalMs', problem }]);
}
