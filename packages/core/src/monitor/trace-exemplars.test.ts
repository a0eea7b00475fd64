import {
  context,
  createContextKey,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Context,
  type ContextManager,
} from '@opentelemetry/api';
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openMetricsHandler } from '../exposition/open-metrics-handler.ts';
import { createForwardingRecorder } from '../fleet/forwarding-recorder.ts';
import { receiveForwarded } from '../fleet/receive-forwarded.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { createClassifierMonitor } from './classifier-monitor.ts';

/** What a tracing SDK registers, in few lines. */
class Contexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = (): Context => this.#storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager['with'] = (active, run, self, ...input) =>
    this.#storage.run(active, () => run.call(self as never, ...input));
  bind: ContextManager['bind'] = (_, target) => target;
  enable = (): this => this;
  disable = (): this => this;
}

beforeAll(() => {
  context.setGlobalContextManager(new Contexts());
});
afterAll(() => context.disable());

const digits = (digit: string): string => digit.repeat(32);

function traced<Result>(traceId: string, run: () => Result, traceFlags = TraceFlags.SAMPLED): Result {
  const span = trace.wrapSpanContext({ traceId, spanId: '1'.repeat(16), traceFlags });
  return context.with(trace.setSpan(context.active(), span), run);
}

function watch() {
  const clock = manualClock(1_700_000_000_000);
  const monitor = createClassifierMonitor({ model: 'pets', classes: ['cat', 'dog'], clock });
  const wrong = async (accept = 'application/openmetrics-text') => {
    const request = new Request('http://localhost/', { headers: { accept } });
    const text = (await (await openMetricsHandler([monitor.metricProducer])(request))?.text()) ?? '';
    return text.split('\n').filter((line) => /^classification_confusion_total.* [1-9]/.test(line));
  };
  return { clock, monitor, wrong };
}

const cell = (actual: string, predicted: string): string =>
  `classification_confusion_total{actual="${actual}",model="pets",predicted="${predicted}"}`;

it('leads from a cell of the confusion matrix to the trace of a sure and wrong prediction', async () => {
  const { monitor, wrong } = watch();
  traced(digits('a'), () => monitor.record({ predicted: 'cat', actual: 'dog', confidence: 0.97 }));
  traced(digits('b'), () => monitor.record({ predicted: 'dog', actual: 'dog', confidence: 0.97 }));
  expect(await wrong()).toEqual([
    `${cell('dog', 'cat')} 1 # {trace_id="${digits('a')}"} 0.97 1700000000`,
    `${cell('dog', 'dog')} 1`,
  ]);
  expect(await wrong('text/plain')).toEqual([`${cell('dog', 'cat')} 1`, `${cell('dog', 'dog')} 1`]);
});

it('keeps the trace of the prediction until the label comes, in another request', async () => {
  const { clock, monitor, wrong } = watch();
  traced(digits('a'), () => monitor.record({ predicted: 'cat', id: '1', confidence: 0.9 }));
  await clock.advance(60_500);
  traced(digits('b'), () => monitor.label('1', 'dog'));
  expect(await wrong()).toEqual([`${cell('dog', 'cat')} 1 # {trace_id="${digits('a')}"} 0.9 1700000060.5`]);
});

it.for<[string, (record: (confidence?: number) => void) => void]>([
  ['was not sure', (record) => traced(digits('a'), () => record(0.89))],
  ['did not say how sure it was', (record) => traced(digits('a'), () => record())],
  ['nobody traces', (record) => record(0.97)],
  ['is traced and not kept', (record) => traced(digits('a'), () => record(0.97), TraceFlags.NONE)],
  ['has a trace id that is none', (record) => traced(digits('0'), () => record(0.97))],
])('has no exemplar of a prediction that %s', async ([, act]) => {
  const { monitor, wrong } = watch();
  act((confidence) =>
    monitor.record({ predicted: 'cat', actual: 'dog', ...(confidence === undefined ? {} : { confidence }) }),
  );
  expect(await wrong()).toEqual([`${cell('dog', 'cat')} 1`]);
});

it('survives a tracer that throws', async () => {
  const { monitor, wrong } = watch();
  const broken = {
    spanContext: () => {
      throw new Error('theirs');
    },
  };
  const active = context.active().setValue(createContextKey('x'), 1);
  context.with(trace.setSpan(active, broken as never), () =>
    monitor.record({ predicted: 'cat', actual: 'dog', confidence: 1 }),
  );
  expect(await wrong()).toEqual([`${cell('dog', 'cat')} 1`]);
});

it('has the trace of a prediction that a worker made', async () => {
  const { clock, monitor, wrong } = watch();
  const receive = receiveForwarded({ monitor });
  const send = (message: unknown) => receive(JSON.parse(JSON.stringify(message)));
  const recorder = createForwardingRecorder({ send, clock });
  traced(digits('c'), () => recorder.record({ predicted: 'cat', actual: 'dog', confidence: 0.95 }));
  recorder.record({ predicted: 'dog', actual: 'cat', confidence: 0.95, traceId: 'not one' });
  recorder.flush();
  expect(await wrong()).toEqual([
    `${cell('cat', 'dog')} 1`,
    `${cell('dog', 'cat')} 1 # {trace_id="${digits('c')}"} 0.95 1700000000`,
  ]);
});
