import { observeRequests, type RouteOptions } from '../http/observe-requests.ts';
import type { NodeHandler } from '../http/node-handler.ts';
import type { ClassifierRecorder } from '../monitor/classifier-recorder.ts';
import { createClassify } from '../monitor/classify.ts';
import { errorReason as nameOrCode, type ErrorReason } from '../monitor/error-reason.ts';
import { systemClock, type Clock } from '../vocabulary/clock.ts';
import { ConfigError } from '../vocabulary/config-error.ts';
import type { Disposable } from '../vocabulary/disposable.ts';
import { silentLogger, type Logger } from '../vocabulary/logger.ts';
import type { ForwardedEvent, ForwardedMessage } from './forwarded-message.ts';

export interface ForwardingRecorderOptions {
  /**
   * Hands a message to the process that counts, such as `(message) => process.send?.(message)`.
   * When it throws or rejects, the events of the message are counted as dropped.
   */
  readonly send: (message: ForwardedMessage) => unknown;
  /** Longest time an event waits for company, in milliseconds. @defaultValue 100 */
  readonly flushIntervalMs?: number;
  /** Events that may wait; more are dropped and counted. @defaultValue 10_000 */
  readonly maxBufferedEvents?: number;
  /** How long `close` waits for calls that still run, in milliseconds. @defaultValue 1_000 */
  readonly closeTimeoutMs?: number;
  /** Finds the word under which a thrown error is counted. @defaultValue the error's `code` or `name` */
  readonly errorReason?: ErrorReason;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** A worker's line to the monitor in another process. */
export interface ForwardingRecorder extends ClassifierRecorder, Disposable {
  /** A middleware that tells the other process of every HTTP request. */
  requestMetrics(options?: RouteOptions): NodeHandler;
  /** Sends what waits, now. */
  flush(): void;
}

/**
 * Records in a worker what a monitor in another process counts: see {@link receiveForwarded}.
 *
 * Events are sent in batches. `close` waits for calls that still run and sends what waits; whatever comes
 * later is dropped.
 *
 * @throws {@link ConfigError} when an option is out of range.
 */
export function createForwardingRecorder(options: ForwardingRecorderOptions): ForwardingRecorder {
  const { send, flushIntervalMs = 100, maxBufferedEvents = 10_000, closeTimeoutMs = 1_000 } = options;
  const { clock = systemClock, logger = silentLogger, errorReason = nameOrCode } = options;
  demandPositive({ flushIntervalMs, maxBufferedEvents, closeTimeoutMs });

  const closing = new AbortController();
  let events: ForwardedEvent[] = [];
  let dropped = 0;
  let inflight = 0;
  let isFlushDue = false;
  let onIdle = (): void => {};
  let closed: Promise<void> | undefined;

  /** @param describe - Reads what the host passed, which may throw when it is not what it should be. */
  function push(describe: () => ForwardedEvent): void {
    try {
      if (events.length >= maxBufferedEvents || closing.signal.aborted) dropped += 1;
      else events.push(describe());
    } catch {
      dropped += 1;
    }
    flushSoon();
  }

  /** One sleeper at a time, and none while nothing happens. */
  function flushSoon(): void {
    if (isFlushDue || closing.signal.aborted) return;
    isFlushDue = true;
    clock.sleep(flushIntervalMs, closing.signal).then(flush, () => {}); // closing sends by itself
  }

  function flush(): void {
    isFlushDue = false;
    const message: ForwardedMessage = { tidewatchEvents: 1, events, inflight, dropped };
    events = [];
    dropped = 0;
    const lose = (error: unknown): void => {
      dropped += message.events.length + message.dropped;
      logger.warn({ error, events: message.events.length }, 'events for the monitor could not be sent');
    };
    try {
      Promise.resolve(send(message)).catch(lose);
    } catch (error) {
      lose(error);
    }
  }

  async function closeOnce(): Promise<void> {
    if (inflight > 0) {
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve;
      });
      await Promise.race([idle, clock.sleep(closeTimeoutMs, closing.signal)]);
    }
    closing.abort(new Error('the recorder is closed'));
    flush();
  }

  function close(): Promise<void> {
    closed ??= closeOnce();
    return closed;
  }

  const recorder: Pick<ClassifierRecorder, 'record' | 'recordError'> = {
    record: (prediction) =>
      push(() => ['prediction', { ...prediction, atMs: prediction.atMs ?? clock.now() }]),
    recordError: (error) => push(() => ['error', { ...error, atMs: error.atMs ?? clock.now() }]),
  };

  return {
    ...recorder,
    label: (id, actual, { atMs = clock.now() } = {}) => push(() => ['label', { id, actual, atMs }]),
    classify: createClassify(
      {
        ...recorder,
        inflight: (change) => {
          inflight += change;
          if (inflight === 0) onIdle();
          flushSoon();
        },
        // Without a class the event is refused, and counted, where it is received.
        unreadable: () => push(() => ['prediction', { predicted: '' }]),
      },
      clock,
      errorReason,
    ),
    requestMetrics: (routeOptions) =>
      observeRequests((observation) => push(() => ['request', observation]), { clock, ...routeOptions }),
    flush,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function demandPositive(numbers: Readonly<Record<string, number>>): void {
  for (const [path, value] of Object.entries(numbers)) {
    if (value > 0) continue;
    const problem = `expected a number above 0, got ${value}`;
    throw new ConfigError('createForwardingRecorder', [{ code: 'out-of-range', path, problem }]);
  }
}
