import { plainValue } from './plain-value.ts';
import { observeRequests, type RequestObserver, type RouteOptions } from '../http/observe-requests.ts';
import type { ClassifierRecorder } from '../monitor/classifier-recorder.ts';
import { createClassify } from '../monitor/classify.ts';
import { activeTraceId, SURE_CONFIDENCE } from '../monitor/trace-exemplars.ts';
import { errorReason as nameOrCode, type ErrorReason } from '../monitor/error-reason.ts';
import { systemClock, type Clock } from '../vocabulary/clock.ts';
import { ConfigError } from '../vocabulary/config-error.ts';
import type { Disposable } from '../vocabulary/disposable.ts';
import { guardedLogger, silentLogger, type Logger } from '../vocabulary/logger.ts';
import type { ForwardedEvent, ForwardedMessage } from './forwarded-message.ts';
import { sendToParent } from './send-to-parent.ts';

export interface ForwardingRecorderOptions {
  /**
   * Hands a message to the process that counts. The next one waits until its promise, if it returns one, is
   * settled. When it throws or rejects, the events of the message are counted as dropped.
   *
   * @defaultValue over the channel to the process that forked this one, or to the thread that started this one
   */
  readonly send?: (message: ForwardedMessage) => unknown;
  /** Longest time an event waits for company, in milliseconds. @defaultValue 100 */
  readonly flushIntervalMs?: number;
  /** Longest silence, in milliseconds; after a second of it the other process reports the worker as silent. @defaultValue 250 */
  readonly heartbeatMs?: number;
  /** Events that may wait; more are dropped and counted. @defaultValue 10_000 */
  readonly maxBufferedEvents?: number;
  /** How long `close` waits for calls that still run and for what is sent, in milliseconds. @defaultValue 1_000 */
  readonly closeTimeoutMs?: number;
  /** Finds the word under which a thrown error is counted. @defaultValue the error's `code` or `name` */
  readonly errorReason?: ErrorReason;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** A worker's line to the monitor in another process. */
export interface ForwardingRecorder extends ClassifierRecorder, Disposable {
  /** A middleware that tells the other process of every HTTP request. */
  requestMetrics(options?: RouteOptions): RequestObserver;
  /** Sends what waits, now. */
  flush(): void;
}

/**
 * Records in a worker what a monitor in another process counts: see {@link receiveForwarded}.
 *
 * Events are sent in batches, and a sign of life when there are none. `close` waits for calls that still run and sends what waits; whatever comes
 * later is dropped.
 *
 * @throws {@link ConfigError} when an option is out of range.
 */
export function createForwardingRecorder(options: ForwardingRecorderOptions = {}): ForwardingRecorder {
  const { send = sendToParent, flushIntervalMs = 100, heartbeatMs = 250 } = options;
  const { maxBufferedEvents = 10_000, closeTimeoutMs = 1_000 } = options;
  const { clock = systemClock, errorReason = nameOrCode } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);
  demandPositive({ flushIntervalMs, heartbeatMs, maxBufferedEvents, closeTimeoutMs });

  const closing = new AbortController();
  let events: ForwardedEvent[] = [];
  let dropped = 0;
  let inflight = 0;
  let isFlushDue = false;
  let isQuiet = true;
  /** The message on its way. Others wait for it in the buffer, which is bounded; a channel is not. */
  let sending: Promise<void> | undefined;
  let isNextDue = false;
  let hasWarned = false;
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

  /** So that silence means trouble, not that there is nothing to tell. */
  async function beat(): Promise<void> {
    while (!closing.signal.aborted) {
      isQuiet = true;
      await clock.sleep(heartbeatMs, closing.signal);
      if (isQuiet) flush();
    }
  }

  function flush(): void {
    isFlushDue = false;
    isQuiet = false;
    isNextDue = sending !== undefined;
    if (isNextDue) return;
    const message: ForwardedMessage = { tidewatchEvents: 1, events, inflight, dropped };
    events = [];
    dropped = 0;
    try {
      const sent = send(message);
      if (sent instanceof Promise) sending = settled(sent, message);
    } catch (error) {
      lose(message, error);
    }
  }

  async function settled(sent: Promise<unknown>, message: ForwardedMessage): Promise<void> {
    try {
      await sent;
      hasWarned = false;
    } catch (error) {
      lose(message, error);
    }
    sending = undefined;
    if (isNextDue) flush();
  }

  /** Says so once an outage: there are ten messages a second. */
  function lose({ events: lost, dropped: before }: ForwardedMessage, error: unknown): void {
    dropped += lost.length + before;
    if (hasWarned || dropped === 0) return;
    hasWarned = true;
    logger.warn({ error, events: lost.length }, 'events for the monitor could not be sent');
  }

  async function closeOnce(): Promise<void> {
    const over = new AbortController();
    const late = clock
      .sleep(closeTimeoutMs, over.signal)
      .catch(() => {})
      .finally(() => over.abort());
    if (inflight > 0) {
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve;
      });
      await Promise.race([idle, late]);
    }
    closing.abort(new Error('the recorder is closed'));
    flush();
    const isDelivered = (): boolean => sending === undefined;
    while (!isDelivered() && !over.signal.aborted) await Promise.race([sending, late]);
    over.abort();
  }

  function close(): Promise<void> {
    closed ??= closeOnce();
    return closed;
  }

  const recorder: Pick<ClassifierRecorder, 'record' | 'recordError'> = {
    record: (prediction) =>
      push(() => {
        const { predicted, actual, id, confidence, scores, segments, durationSeconds } = prediction;
        const { atMs = clock.now() } = prediction;
        // Here, where the span is active; a sure prediction is the only one whose trace is asked for.
        const isSure = typeof confidence === 'number' && confidence >= SURE_CONFIDENCE;
        const traceId = prediction.traceId ?? (isSure ? activeTraceId() : undefined);
        const fields = {
          predicted,
          actual,
          id,
          confidence,
          scores,
          segments,
          durationSeconds,
          atMs,
          traceId,
        };
        return ['prediction', plain(fields)];
      }),
    recordError: (error) =>
      push(() => {
        const { reason, durationSeconds, atMs = clock.now() } = error;
        return ['error', plain({ reason, durationSeconds, atMs })];
      }),
  };

  beat().catch(() => {}); // closing ends it
  return {
    ...recorder,
    label: (id, actual, options) =>
      push(() => ['label', plain({ id, actual, atMs: options?.atMs ?? clock.now() })]),
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

/** Only what is counted travels, and of that only what {@link plainValue} lets through. */
function plain<Fields extends object>(fields: { [Key in keyof Fields]: Fields[Key] | undefined }): Fields {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([key, value]) => [key, plainValue(key, value)])) as Fields;
}

function demandPositive(numbers: Readonly<Record<string, number>>): void {
  for (const [path, value] of Object.entries(numbers)) {
    if (value > 0) continue;
    const problem = `expected a number above 0, got ${value}`;
    throw new ConfigError('createForwardingRecorder', [{ code: 'out-of-range', path, problem }]);
  }
}
