import { expect, it } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import { createClassifierMonitor } from './classifier-monitor.ts';
import type { ErrorReason } from './error-reason.ts';

function watch(errorReason?: ErrorReason) {
  const clock = manualClock();
  const monitor = createClassifierMonitor({
    model: 'pets',
    clock,
    ...(errorReason === undefined ? {} : { errorReason }),
  });
  const value = async (name: string, label = '') => {
    const { resourceMetrics } = await monitor.metricProducer.collect();
    const metric = resourceMetrics.scopeMetrics[0]?.metrics.find(
      ({ descriptor }) => descriptor.name === name,
    );
    return metric?.dataPoints.find(({ attributes }) => Object.values(attributes).includes(label || 'pets'))
      ?.value;
  };
  return { clock, monitor, value };
}

it('times a call and hands on its very result', async () => {
  const { clock, monitor } = watch();
  const answer = { predicted: 'cat', confidence: 0.8 };
  const call = monitor.classify(async () => {
    await clock.sleep(250);
    return answer;
  });
  expect(monitor.snapshot().inflight).toBe(1);
  await clock.advance(250);
  expect(await call).toBe(answer);
  const { inflight, n, latencySeconds } = monitor.snapshot();
  expect({ inflight, n, calls: latencySeconds?.n }).toEqual({ inflight: 0, n: 1, calls: 1 });
  expect(latencySeconds?.p99).toBeCloseTo(0.25, 2);
});

class CodedError extends Error {
  readonly code: unknown;
  constructor(code: unknown) {
    super('connect to 192.0.2.1 failed for customer 7');
    this.code = code;
  }
}

it.for<[string, unknown, string]>([
  ['the code of a system error', new CodedError('ECONNREFUSED'), 'ECONNREFUSED'],
  ['the name, when the code is no word', new CodedError('password=1'), 'Error'],
  ['the name of a timeout', new DOMException('took too long', 'TimeoutError'), 'TimeoutError'],
  ['nothing, when a text was thrown: it may be a secret', 'a secret', 'unknown'],
  ['nothing, when undefined was thrown', undefined, 'unknown'],
])('counts a failed call by %s, and throws the same again', async ([, thrown, reason]) => {
  const { monitor, value } = watch();
  await expect(
    monitor.classify(() => {
      throw thrown;
    }),
  ).rejects.toBe(thrown);
  expect(await value('classification_errors_total', reason)).toBe(1);
  expect(monitor.snapshot()).toMatchObject({ n: 0, errors: 1, inflight: 0, latencySeconds: { n: 1 } });
});

it('bounds the reasons', async () => {
  let call = 0;
  const { monitor, value } = watch(() => `reason-${(call += 1)}`);
  for (let i = 0; i < 50; i += 1)
    await monitor.classify(() => Promise.reject(new Error('x'))).catch(() => {});
  expect(await value('classification_errors_total', '_OTHER')).toBe(31); // 20 places; `Error` has one from the start
});

it.for<[string, unknown, ((result: never) => { predicted: string }) | undefined]>([
  ['a result without a class', { answer: 42 }, undefined],
  ['no result', undefined, undefined],
  [
    'a read that throws',
    {},
    () => {
      throw new Error('mine');
    },
  ],
  ['a read that answers nothing', {}, () => undefined as never],
])('counts %s as unreadable, and the caller does not notice', async ([, result, read]) => {
  const { monitor, value } = watch();
  expect(await monitor.classify(() => result, read === undefined ? {} : { read: read as never })).toBe(
    result,
  );
  expect(await value('tidewatch_refused_total', 'unreadable')).toBe(1);
});

it('survives an errorReason that throws', async () => {
  const { monitor, value } = watch(() => {
    throw new Error('mine');
  });
  const theirs = new Error('theirs');
  await expect(monitor.classify(() => Promise.reject(theirs))).rejects.toBe(theirs);
  expect(await value('classification_errors_total', 'unknown')).toBe(1);
});
