import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { openMetricsHandler } from '../exposition/open-metrics-handler.ts';
import { requestMetrics } from '../http/request-metrics.ts';
import { createClassifierMonitor } from '../monitor/classifier-monitor.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { silentLogger } from '../vocabulary/logger.ts';
import type { ForwardedMessage } from './forwarded-message.ts';
import { createForwardingRecorder, type ForwardingRecorderOptions } from './forwarding-recorder.ts';
import { receiveForwarded } from './receive-forwarded.ts';

function line(options: Partial<ForwardingRecorderOptions> = {}) {
  const clock = manualClock(1_000_000);
  const messages: ForwardedMessage[] = [];
  const recorder = createForwardingRecorder({
    // As process.send does: what JSON cannot say is lost.
    send: (message) => messages.push(JSON.parse(JSON.stringify(message)) as ForwardedMessage),
    clock,
    ...options,
  });
  return { clock, messages, recorder };
}

function primary() {
  const clock = manualClock(1_000_000);
  const monitor = createClassifierMonitor({ model: 'pets', clock });
  const requests = requestMetrics({ clock });
  const receive = receiveForwarded({ monitor, requests });
  const exposed = async (start: string) => {
    const handler = openMetricsHandler([monitor.metricProducer, requests.metricProducer]);
    const text = (await (await handler(new Request('http://localhost/')))?.text()) ?? '';
    return text.split('\n').filter((sample) => sample.startsWith(start));
  };
  return { clock, monitor, receive, exposed };
}

it('sends events together, a moment later, with the times at which they happened', async () => {
  const { clock, messages, recorder } = line();
  recorder.record({ predicted: 'cat', id: '1' });
  await clock.advance(60);
  recorder.label('1', 'dog');
  expect(messages).toEqual([]);
  await clock.advance(40);
  expect(messages).toEqual([
    {
      tidewatchEvents: 1,
      events: [
        ['prediction', { predicted: 'cat', id: '1', atMs: 1_000_000 }],
        ['label', { id: '1', actual: 'dog', atMs: 1_000_060 }],
      ],
      inflight: 0,
      dropped: 0,
    },
  ]);
  await clock.advance(10_000);
  expect(messages.flatMap(({ events }) => events)).toHaveLength(2);
  expect(messages.length - 1).toBeGreaterThanOrEqual(39); // a sign of life four times a second
});

it('places an event that arrives late where it happened', async () => {
  const { messages, recorder } = line();
  recorder.record({ predicted: 'cat' });
  await recorder.close();
  const { clock, monitor, receive } = primary();
  await clock.advance(200_000);
  receive(messages[0]);
  await clock.advance(100_000); // 300 s after the prediction: the window has moved on
  expect(monitor.snapshot().n).toBe(0);
});

it('drops and counts what exceeds the buffer', async () => {
  const { messages, recorder } = line({ maxBufferedEvents: 2 });
  for (let i = 0; i < 5; i += 1) recorder.record({ predicted: 'cat' });
  recorder.flush();
  expect(messages[0]).toMatchObject({ events: { length: 2 }, dropped: 3 });
  const { receive, exposed } = primary();
  receive(messages[0]);
  expect(await exposed('tidewatch_forwarding_dropped_total')).toEqual([
    'tidewatch_forwarding_dropped_total{model="pets"} 3',
  ]);
});

it.for<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('channel closed');
    },
  ],
  ['rejects', () => Promise.reject(new Error('channel closed'))],
])('counts a message as dropped when send %s, and tells it in the next', async ([, fail]) => {
  const sent: ForwardedMessage[] = [];
  const { clock, recorder } = line({
    send: (message) => {
      sent.push(message);
      return sent.length <= 2 ? fail() : undefined;
    },
  });
  recorder.record({ predicted: 'cat' });
  await clock.advance(100);
  recorder.record({ predicted: 'dog' });
  await clock.advance(100);
  expect(sent[1]).toMatchObject({ events: { length: 1 }, dropped: 1 });
  recorder.flush();
  expect(sent[2]).toMatchObject({ events: [], dropped: 2 }); // what the lost message said is not lost
});

it('says once an outage that events cannot be sent', async () => {
  const warn = vi.fn();
  let isDown = true;
  const { clock, recorder } = line({
    send: async () => {
      if (isDown) throw new Error('channel closed');
    },
    logger: { ...silentLogger, warn },
  });
  const go = async (down: boolean) => {
    isDown = down;
    recorder.record({ predicted: 'cat' });
    await clock.advance(100);
  };
  for (const down of [true, true, true, false, true, true]) await go(down);
  expect(warn).toHaveBeenCalledTimes(2);
});

it('has one message on its way at a time, so that a busy primary is not sent ever more', async () => {
  const messages: ForwardedMessage[] = [];
  const arrivals: (() => void)[] = [];
  const { clock, recorder } = line({
    maxBufferedEvents: 3,
    send: (message) => {
      messages.push(message);
      return new Promise<void>((resolve) => arrivals.push(resolve));
    },
  });
  for (let i = 0; i < 6; i += 1) {
    recorder.record({ predicted: 'cat' });
    await clock.advance(100);
  }
  expect(messages).toMatchObject([{ events: { length: 1 } }]);
  arrivals[0]?.();
  await clock.advance(0);
  expect(messages).toMatchObject([{}, { events: { length: 3 }, dropped: 2 }]);
});

it.for([
  ['takes', 200, 2], // the second message leaves, too
  ['never takes', 5_000, 1], // what waited is lost, and the service can end
] as const)('waits at close for a primary that %s what is sent', async ([, takesMs, count]) => {
  const messages: ForwardedMessage[] = [];
  const { clock, recorder } = line({
    closeTimeoutMs: 1_000,
    send: (message) => {
      messages.push(message);
      return clock.sleep(takesMs);
    },
  });
  recorder.record({ predicted: 'cat' });
  recorder.flush();
  recorder.record({ predicted: 'dog' });
  const onClosed = vi.fn();
  void recorder.close().then(onClosed);
  await clock.advance(199);
  expect(onClosed).not.toHaveBeenCalled();
  await clock.advance(801);
  expect(onClosed).toHaveBeenCalled();
  expect(messages).toHaveLength(count);
});

it('sends what is counted and nothing else, so that no field of the host loses a message', async () => {
  const { messages, recorder } = line();
  const result: Record<string, unknown> = { predicted: 'cat', tokens: 12n };
  result['self'] = result;
  recorder.record({ predicted: 'dog' });
  recorder.record(result as never);
  recorder.recordError({ reason: 'timeout', cause: result } as never);
  recorder.label(7n as never, result as never);
  await recorder.close();
  expect(messages[0]?.events).toEqual([
    ['prediction', { predicted: 'dog', atMs: 1_000_000 }],
    ['prediction', { predicted: 'cat', atMs: 1_000_000 }],
    ['error', { reason: 'timeout', atMs: 1_000_000 }],
    ['label', { id: null, actual: null, atMs: 1_000_000 }], // refused where it is received
  ]);
});

it('refuses a confidence of NaN, which travels as null, instead of counting it as 0', async () => {
  const { messages, recorder } = line();
  recorder.record({ predicted: 'cat', actual: 'cat', confidence: Number.NaN });
  await recorder.close();
  const { monitor, receive, exposed } = primary();
  receive(messages[0]);
  expect(monitor.snapshot()).toMatchObject({ labelled: 1, ece: undefined });
  expect(await exposed('tidewatch_refused_total{model="pets",reason="confidence"}')).toEqual([
    'tidewatch_refused_total{model="pets",reason="confidence"} 1',
  ]);
});

it('sends what waits when it is closed, once, and drops what comes later', async () => {
  const { clock, messages, recorder } = line();
  recorder.record({ predicted: 'cat' });
  await Promise.all([recorder.close(), recorder.close()]);
  recorder.record({ predicted: 'cat' });
  await clock.advance(1_000);
  expect(messages).toMatchObject([{ events: { length: 1 } }]);
});

it('waits for a call that still runs when it is closed, but not for ever', async () => {
  const { clock, messages, recorder } = line({ closeTimeoutMs: 500 });
  void recorder.classify(() => clock.sleep(50).then(() => 'cat'));
  void recorder.classify(() => clock.sleep(60_000).then(() => 'dog'));
  const closing = recorder.close();
  await clock.advance(500);
  await closing;
  expect(messages.flatMap(({ events }) => events)).toMatchObject([['prediction', { predicted: 'cat' }]]);
});

it('is closed as soon as the last call has ended', async () => {
  const { clock, recorder } = line({ closeTimeoutMs: 60_000 });
  const onClosed = vi.fn();
  void recorder.classify(() => clock.sleep(50).then(() => 'cat'));
  void recorder.close().then(onClosed);
  await clock.advance(49);
  expect(onClosed).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(onClosed).toHaveBeenCalled();
});

it('throws nothing when the host passes nonsense', () => {
  const { messages, recorder } = line();
  recorder.record(undefined as never);
  recorder.recordError(null as never);
  recorder.label('1', 'cat', null as never);
  recorder.flush();
  expect(messages).toMatchObject([{ events: [['label', { id: '1' }]], dropped: 2 }]);
});

it('adds up the calls in flight of all workers, and forgets a worker that is gone', async () => {
  const { monitor, receive } = primary();
  for (const worker of ['1', '2']) {
    const { clock, messages, recorder } = line();
    void recorder.classify(() => new Promise<string>(() => {}));
    void recorder.classify(() => new Promise<string>(() => {}));
    await clock.advance(100);
    receive(messages.at(-1), worker);
  }
  expect(monitor.snapshot().inflight).toBe(4);
  receive.forget('1');
  expect(monitor.snapshot().inflight).toBe(2);
});

it('reports a worker that is silent, and one that is gone', async () => {
  const { clock, receive, exposed } = primary();
  expect(await exposed('tidewatch_workers')).toEqual([]); // a service of one process has none
  const envelope = { tidewatchEvents: 1, events: [], inflight: 0, dropped: 0 };
  receive(envelope, 'one');
  receive(envelope, 'two');
  const states = async () =>
    (await exposed('tidewatch_workers')).map((line) => line.replace('model="pets",', '').slice(17));
  expect(await states()).toEqual([
    '{state="reporting"} 2',
    '{state="silent"} 0',
    '_gone_total{model="pets"} 0',
  ]);
  await clock.advance(1_001);
  receive(envelope, 'two');
  expect(await states()).toEqual([
    '{state="reporting"} 1',
    '{state="silent"} 1',
    '_gone_total{model="pets"} 0',
  ]);
  receive.forget('one');
  receive.forget('one');
  expect(await states()).toEqual([
    '{state="reporting"} 1',
    '{state="silent"} 0',
    '_gone_total{model="pets"} 1',
  ]);
});

it('counts errors, unreadable results and HTTP requests of a worker', async () => {
  const { clock, messages, recorder } = line();
  await recorder.classify(() => Promise.reject(new TypeError('x'))).catch(() => {});
  await recorder.classify(() => ({ nothing: true }));
  const response = Object.assign(new EventEmitter(), { writableFinished: true, statusCode: 200 });
  recorder.requestMetrics()({ method: 'BREW' } as never, response as never);
  await clock.advance(50);
  response.emit('close');
  recorder.flush();
  const { receive, exposed } = primary();
  receive(messages[0]);
  expect(await exposed('classification_errors_total')).toEqual([
    'classification_errors_total{model="pets",reason="Error"} 0',
    'classification_errors_total{model="pets",reason="TypeError"} 1',
  ]);
  expect(await exposed('tidewatch_refused_total{model="pets",reason="class"}')).toHaveLength(1);
  expect(await exposed('http_requests_total')).toEqual([
    'http_requests_total{code="200",method="_OTHER",route="unmatched"} 1',
  ]);
  expect(await exposed('http_server_request_duration_seconds_sum')).toEqual([
    'http_server_request_duration_seconds_sum{code="200",method="_OTHER",route="unmatched"} 0.05',
  ]);
});

const envelope = { tidewatchEvents: 1, events: [], inflight: 0, dropped: 0 };

it.for<[string, unknown, boolean, number]>([
  ['another program’s message', { type: 'ready' }, false, 0],
  ['a text', 'tidewatch', false, 0],
  ['nothing', null, false, 0],
  ['a version not spoken here', { ...envelope, tidewatchEvents: 2 }, false, 0],
  ['an empty message', envelope, true, 0],
  ['events that are no list', { ...envelope, events: 'all' }, true, 1],
  ['calls in flight below 0', { ...envelope, inflight: -1 }, true, 1],
  ['a fraction of a dropped event', { ...envelope, dropped: 0.5 }, true, 1],
  ['an event of an unknown kind', { ...envelope, events: [['metric', {}], 7, [null]] }, true, 3],
  [
    'a request of infinite duration',
    { ...envelope, events: [['request', { method: 'GET', route: '/', code: '200', durationSeconds: null }]] },
    true,
    1,
  ],
  [
    'a request with a code of text',
    { ...envelope, events: [['request', { method: 'GET', route: '/', code: 'ok', durationSeconds: 1 }]] },
    true,
    1,
  ],
])('takes %s without harm', async ([, message, isOurs, malformed]) => {
  const { receive, exposed } = primary();
  expect(receive(message, '1')).toBe(isOurs);
  expect(await exposed('tidewatch_refused_total{model="pets",reason="forwarded"}')).toEqual([
    `tidewatch_refused_total{model="pets",reason="forwarded"} ${malformed}`,
  ]);
});

it('refuses a buffer of 0 at construction', () => {
  expect(() => line({ maxBufferedEvents: 0 })).toThrow(/maxBufferedEvents: expected a number above 0, got 0/);
});
