import { isDuration } from '../metrics/is-duration.ts';
import { knownMethod, routeLabel, type RequestObservation } from '../http/request-observation.ts';
import type { RequestMetrics } from '../http/request-metrics.ts';
import type { ClassifierMonitor } from '../monitor/classifier-monitor.ts';
import type { ErrorRecord, PredictionRecord } from '../monitor/classifier-recorder.ts';
import type { ForwardedLabel } from './forwarded-message.ts';

export interface ReceiveForwardedOptions {
  /** Counts what the workers tell. */
  readonly monitor: ClassifierMonitor;
  /** Where HTTP requests of workers are counted. Absent, they are ignored. */
  readonly requests?: Pick<RequestMetrics, 'observe'>;
}

/** Takes the messages of workers. */
export interface ForwardedReceiver {
  /**
   * Counts what a worker tells.
   *
   * @param message - Anything: what is not of a forwarding recorder is left alone.
   * @param from - Names the worker, such as its process id.
   * @returns Whether the message was one of ours, and so needs no other receiver.
   */
  (message: unknown, from?: string): boolean;
  /** Forgets the calls that a worker still had running: it is gone. */
  forget(from: string): void;
  /** Takes the messages of a worker for as long as it lives, and forgets it when it ends. */
  listen(worker: ListenedWorker): void;
}

/** A worker of `node:cluster`, `child_process.fork` or `node:worker_threads`. */
export interface ListenedWorker {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: () => void): unknown;
}

/** The other end of {@link createForwardingRecorder}: counts in one process what many processes tell. */
export function receiveForwarded({ monitor, requests }: ReceiveForwardedOptions): ForwardedReceiver {
  function receive(message: unknown, from = ''): boolean {
    if (!isRecord(message) || message['tidewatchEvents'] !== 1) return false;
    const { events, inflight, dropped } = message;
    if (!Array.isArray(events) || !isCount(inflight) || !isCount(dropped)) {
      monitor.workers.malformed();
      return true;
    }
    monitor.workers.inflight(from, inflight);
    monitor.workers.dropped(dropped);
    for (const event of events) take(event);
    return true;
  }

  /** What is inside a prediction, an error or a label, the monitor looks at itself. */
  function take(event: unknown): void {
    const [kind, content] = Array.isArray(event) ? (event as unknown[]) : [];
    if (!isRecord(content)) return monitor.workers.malformed();
    if (kind === 'prediction') return monitor.record(content as unknown as PredictionRecord);
    if (kind === 'error') return monitor.recordError(content as unknown as ErrorRecord);
    if (kind === 'label') {
      const { id, actual, atMs } = content as unknown as ForwardedLabel;
      return monitor.label(id, actual, { atMs });
    }
    const observation = kind === 'request' ? requestObservation(content) : undefined;
    if (observation === undefined) return monitor.workers.malformed();
    return requests?.observe(observation);
  }

  const forget = (from: string): void => monitor.workers.inflight(from, undefined);
  let listened = 0;
  return Object.assign(receive, {
    forget,
    listen(worker: ListenedWorker): void {
      listened += 1;
      const name = `listened-${listened}`; // numbers of processes are used again, this one is not
      worker.on('message', (message) => receive(message, name));
      worker.once('exit', () => forget(name));
    },
  });
}

function requestObservation(content: Record<string, unknown>): RequestObservation | undefined {
  const { method, route, code, durationSeconds } = content;
  if (typeof method !== 'string' || typeof code !== 'string' || !/^[1-9]\d\d$/.test(code)) return undefined;
  if (!isDuration(durationSeconds)) return undefined;
  return { method: knownMethod(method), route: routeLabel(route), code, durationSeconds };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
