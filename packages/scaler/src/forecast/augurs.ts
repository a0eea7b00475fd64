import { systemClock, type Clock } from '@tidewatch/core';
import { Worker } from 'node:worker_threads';
import type { Forecaster, LoadForecast, LoadHistory } from './forecaster.ts';
import type { ModelRequest } from './augurs-model.ts';

export type { Forecaster, LoadForecast, LoadHistory } from './forecaster.ts';

export interface AugursForecasterOptions {
  /**
   * `mstl`: seasons by STL, the rest by exponential smoothing. `prophet` needs the package
   * `@bsull/augurs-prophet-wasmstan` besides.
   *
   * @defaultValue 'mstl'
   */
  readonly model?: 'mstl' | 'prophet';
  /** Time for one fit, in milliseconds; after it the worker is ended and nothing is expected. @defaultValue 5000 */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** Fewer values than this, or fewer than two of its shortest season, teach nothing. */
const LEAST_VALUES = 288;
const DAY_MS = 86_400_000;

/**
 * Forecasts by MSTL with exponential smoothing, or by Prophet, of `@bsull/augurs`, in a worker thread.
 *
 * Says nothing of fewer than two days, or of a load that never changes: its models panic on a constant. A fit that
 * takes too long or panics ends its worker, and the next forecast starts another. Values below 0 become 0.
 */
export function augursForecaster({
  model = 'mstl',
  timeoutMs = 5000,
  clock = systemClock,
}: AugursForecasterOptions = {}): Forecaster {
  let running: RunningWorker | undefined;
  let lastId = 0;

  async function ask(request: ModelRequest, signal: AbortSignal): Promise<readonly number[]> {
    signal.throwIfAborted();
    running ??= startWorker();
    const { worker, waiting } = running;
    const id = ++lastId;
    const over = new AbortController();
    const promise = new Promise<readonly number[]>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: over.signal });
      clock.sleep(timeoutMs, over.signal).then(
        () => reject(new Error(`no forecast within ${timeoutMs} ms`)),
        () => {}, // Over: it came in time.
      );
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker of node has no origin
    worker.postMessage({ id, request });
    try {
      return await promise;
    } catch (cause) {
      // In whatever state it is: a new one is sound.
      if (running?.worker === worker) running = undefined;
      void worker.terminate();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${model}: ${reason}`, { cause });
    } finally {
      over.abort();
      waiting.delete(id);
    }
  }

  return {
    name: model,
    async forecast(
      history: LoadHistory,
      steps: number,
      signal: AbortSignal,
    ): Promise<LoadForecast | undefined> {
      const { startMs, stepMs, rates } = history;
      const dayOfSteps = Math.round(DAY_MS / stepMs);
      if (rates.length < Math.max(LEAST_VALUES, 2 * dayOfSteps)) return undefined;
      const [first] = rates;
      if (rates.every((rate) => rate === first)) return undefined;
      if (!rates.every((rate) => Number.isFinite(rate))) return undefined;
      const seasons = [dayOfSteps, 7 * dayOfSteps].filter((season) => rates.length >= 2 * season);
      const request = {
        model,
        startSeconds: startMs / 1000,
        stepSeconds: stepMs / 1000,
        rates,
        seasons,
        steps,
      };
      const values = await ask(request, signal);
      if (values.length < steps || !values.every((value) => Number.isFinite(value))) return undefined;
      const expected = values.map((value) => Math.max(0, value));
      return { startMs: startMs + rates.length * stepMs, stepMs, rates: expected };
    },
    async close() {
      const ended = running;
      running = undefined;
      await ended?.worker.terminate();
    },
  };
}

interface RunningWorker {
  readonly worker: Worker;
  /** Whoever waits for an answer, by its number. */
  readonly waiting: Map<number, Answering>;
}

interface Answering {
  readonly resolve: (values: readonly number[]) => void;
  readonly reject: (reason: unknown) => void;
}

interface Answer {
  readonly id: number;
  readonly values?: readonly number[];
  readonly problem?: string;
}

function startWorker(): RunningWorker {
  // Beside this file, in the sources and in the package alike.
  const file = import.meta.url.endsWith('.ts') ? './augurs-worker.ts' : './augurs-worker.js';
  const worker = new Worker(new URL(file, import.meta.url));
  const waiting: RunningWorker['waiting'] = new Map();
  const refuseAll = (reason: unknown): void => {
    for (const { reject } of waiting.values()) reject(reason);
  };
  worker.on('message', ({ id, values, problem = 'no values' }: Answer) => {
    const answering = waiting.get(id);
    if (values === undefined) answering?.reject(new Error(problem));
    else answering?.resolve(values);
  });
  worker.on('error', refuseAll);
  worker.on('exit', () => refuseAll(new Error('its worker ended')));
  // A forecast keeps no process alive.
  worker.unref();
  return { worker, waiting };
}
