import { describe, expect, it } from 'vitest';
import { createClassifierMonitor, openMetricsHandler, type ClassifierMonitor } from '../src/index.ts';
import type { ClassifierMonitorOptions, ForwardedMessage, PredictionRecord } from '../src/index.ts';
import { createForwardingRecorder, receiveForwarded } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';

function watch(options: Partial<ClassifierMonitorOptions> = {}) {
  const clock = manualClock(1_000_000);
  const monitor = createClassifierMonitor({
    model: 'm',
    classes: ['no', 'yes'],
    windowMs: 10_000,
    minSamples: 1,
    clock,
    ...options,
  });
  return { clock, monitor };
}

async function exposed(monitor: ClassifierMonitor, start: string): Promise<string[]> {
  const response = await openMetricsHandler([monitor.metricProducer])(new Request('http://localhost/'));
  return ((await response?.text()) ?? '').split('\n').filter((line) => line.startsWith(start));
}

const yes = { predicted: 'yes', actual: 'yes' } as const;

describe('scores', () => {
  it.for<[string, PredictionRecord['scores']]>([
    ['too few', [1]],
    ['too many', [0.5, 0.3, 0.2]],
    ['no number', [Number.NaN, 1]],
    ['infinite', [Number.POSITIVE_INFINITY, 0]],
    ['below 0', [-0.1, 1.1]],
    ['a sum of 0.9', [0.4, 0.5]],
    ['a class that was not declared', { no: 0.5, maybe: 0.5 }],
    ['a class missing', { yes: 1 }],
    ['a prototype key', JSON.parse('{"__proto__": 0.5, "yes": 0.5}') as Record<string, number>],
    ['a text', 'yes' as never],
    ['nothing', null as never],
  ])('counts and does not use %s, but counts the prediction', async ([, scores]) => {
    const { monitor } = watch();
    monitor.record({ ...yes, ...(scores === undefined ? {} : { scores }) });
    expect(monitor.snapshot()).toMatchObject({
      labelled: 1,
      logLoss: undefined,
      topK: [],
      rocAuc: undefined,
    });
    expect(await exposed(monitor, 'tidewatch_refused_total{model="m",reason="scores"}')).toEqual([
      'tidewatch_refused_total{model="m",reason="scores"} 1',
    ]);
  });

  it.for<[string, NonNullable<PredictionRecord['scores']>]>([
    ['a list', [0.2, 0.8]],
    ['names, in another order', { yes: 0.8, no: 0.2 }],
    ['doubles', Float64Array.of(0.2, 0.8)],
    ['half precision: 0.998 in all, scaled to 1', [0.1996, 0.7984]],
  ])('takes %s', ([, scores]) => {
    const { monitor } = watch();
    monitor.record({ ...yes, scores });
    expect(monitor.snapshot().brier?.value).toBeCloseTo(0.04, 9);
    expect(monitor.snapshot().ece).toBeCloseTo(0.2, 5); // the confidence is the score of what was said
  });

  it('clips the logarithm by the precision of the numbers', () => {
    const doubles = watch().monitor;
    doubles.record({ ...yes, scores: [1, 0] });
    expect(doubles.snapshot().logLoss?.value).toBeCloseTo(36.0437, 4);
    const singles = watch().monitor;
    singles.record({ ...yes, scores: Float32Array.of(1, 0) });
    expect(singles.snapshot().logLoss?.value).toBeCloseTo(15.9424, 4);
  });

  it('are those of the window in which the prediction was made, though their array was used again', async () => {
    const { clock, monitor } = watch();
    const scores = [0.2, 0.8];
    monitor.record({ predicted: 'yes', id: '1', scores });
    scores.fill(0.5);
    await clock.advance(9_000);
    monitor.label('1', 'yes');
    expect(monitor.snapshot().brier?.value).toBeCloseTo(0.04, 9);
    await clock.advance(1_000);
    expect(monitor.snapshot().brier).toBeUndefined();
  });

  it('are not mixed up when an id is used again for a prediction without', () => {
    const { monitor } = watch();
    monitor.record({ predicted: 'yes', id: '1', scores: [0.2, 0.8] });
    monitor.record({ predicted: 'yes', id: '1' });
    monitor.label('1', 'yes');
    expect(monitor.snapshot()).toMatchObject({ labelled: 1, brier: undefined });
  });

  it('need no more than a confidence where there are two classes and a positive one', () => {
    const { monitor } = watch({ positiveClass: 'yes' });
    monitor.record({ ...yes, confidence: 0.9 });
    monitor.record({ predicted: 'no', actual: 'no', confidence: 0.6 });
    monitor.record({ predicted: 'no', actual: 'yes', confidence: 0.8 }); // 0.2 for yes: below both
    const { rocAuc, averagePrecision, brier, precision, recall } = monitor.snapshot();
    expect(rocAuc).toMatchObject({ value: 0.5, n: 3, classesAveraged: 1 });
    expect(averagePrecision?.value).toBeCloseTo((1 + 2 / 3) / 2, 9);
    expect(brier?.value).toBeCloseTo((0.01 + 0.16 + 0.64) / 3, 9);
    expect([precision.binary, recall.binary]).toEqual([1, 0.5]);
  });

  it('survive a step of the clock in either direction', async () => {
    const { clock, monitor } = watch();
    monitor.record({ ...yes, scores: [0.2, 0.8] });
    for (const atMs of [-8.64e15, 8.64e15, clock.now() - 60_000]) {
      monitor.record({ ...yes, scores: [0.2, 0.8], atMs });
    }
    expect(monitor.snapshot().brier?.n).toBe(2); // the future happens now, the past has left the window
  });
});

it('exports nothing below minSamples, and no 0 for what is undefined', async () => {
  const { monitor } = watch({ minSamples: 3, positiveClass: 'yes' });
  monitor.record({ ...yes, scores: [0.2, 0.8] });
  monitor.record({ ...yes, scores: [0.2, 0.8] });
  expect(await exposed(monitor, 'classification_brier_score{')).toEqual([]);
  expect(await exposed(monitor, 'classification_accuracy{')).toEqual([]);
  monitor.record({ ...yes, scores: [0.2, 0.8] });
  expect(await exposed(monitor, 'classification_accuracy{')).toEqual([
    'classification_accuracy{model="m"} 1',
  ]);
  expect(await exposed(monitor, 'classification_brier_score{')).toHaveLength(1);
  expect(await exposed(monitor, 'classification_roc_auc{')).toEqual([]); // one true class
  expect(await exposed(monitor, 'classification_estimated_accuracy{')).toEqual([]);
});

it('carries the version on every series', async () => {
  const { monitor } = watch({ version: '3' });
  monitor.record({ ...yes, scores: [0.2, 0.8], durationSeconds: 0.1 });
  const lines = await exposed(monitor, 'classification_');
  expect(lines.filter((line) => !line.includes('version="3"'))).toEqual([]);
  expect(monitor.snapshot().version).toBe('3');
});

describe('segments', () => {
  const segments = [{ name: 'country', maxValues: 2 }, { name: 'tier' }];

  it('count apart, with late labels, and all of 100,000 values exactly', () => {
    const { monitor } = watch({ segments, maxPendingLabels: 10 });
    monitor.record({ ...yes, segments: { country: 'de', tier: 'gold' } });
    monitor.record({ predicted: 'yes', id: '1', segments: { country: 'cn' } });
    monitor.label('1', 'no');
    for (let i = 0; i < 100_000; i += 1) monitor.record({ ...yes, segments: { country: `c${i}` } });
    expect(monitor.snapshot().segments).toEqual([
      { segment: 'country', value: 'de', n: 1, labelled: 1, accuracy: expect.objectContaining({ value: 1 }) },
      { segment: 'country', value: 'cn', n: 1, labelled: 1, accuracy: expect.objectContaining({ value: 0 }) },
      {
        segment: 'country',
        value: '_OTHER',
        n: 100_000,
        labelled: 100_000,
        accuracy: expect.objectContaining({ value: 1 }),
      },
      { segment: 'tier', value: 'gold', n: 1, labelled: 1, accuracy: expect.objectContaining({ value: 1 }) },
    ]);
  });

  it('take values that JavaScript finds special, and refuse what is no text of 1 to 256 characters', async () => {
    const { monitor } = watch({ segments });
    for (const country of ['__proto__', '', 'x'.repeat(1e6), 7 as never]) {
      monitor.record({ ...yes, segments: { country, unknown: 'x' } });
    }
    monitor.record({ ...yes, segments: null as never });
    expect(monitor.snapshot().segments.map(({ value, n }) => [value, n])).toEqual([['__proto__', 1]]);
    const refused = 'tidewatch_refused_total{model="m",reason="segment"}';
    expect(await exposed(monitor, refused)).toEqual([`${refused} 3`]);
  });

  it('make room with the oldest, and say how many', async () => {
    const { monitor } = watch({ segments, maxPendingLabels: 10 });
    for (let i = 0; i < 25; i += 1)
      monitor.record({ predicted: 'yes', id: String(i), segments: { country: 'de' } });
    expect(await exposed(monitor, 'tidewatch_details_evicted_total')).toEqual([
      'tidewatch_details_evicted_total{model="m"} 15',
    ]);
  });
});

describe('drift', () => {
  it('is quiet on the same answers and loud on others', async () => {
    const { clock, monitor } = watch({ drift: { reference: 1_000 } });
    const send = (every: number, confidence: number): void => {
      for (let i = 0; i < 1_000; i += 1)
        monitor.record({ predicted: i % every === 0 ? 'yes' : 'no', confidence });
    };
    send(4, 0.9);
    await clock.advance(10_000);
    send(4, 0.9);
    expect(monitor.snapshot().drift.features).toMatchObject([
      { feature: 'predicted', psi: 0, isDrift: false },
    ]);
    await clock.advance(10_000);
    send(2, 0.9);
    expect(monitor.snapshot().drift.features).toMatchObject([
      { feature: 'predicted', n: 1_000, reference: 1_000, isDrift: true },
    ]);
    expect(await exposed(monitor, 'classification_drift_detected')).toEqual([
      'classification_drift_detected{detector="adwin",model="m"} 0',
      'classification_drift_detected{detector="psi-predicted",model="m"} 1',
    ]);
    expect(await exposed(monitor, 'classification_drift_psi{')).toHaveLength(1);
  });

  it('needs a baseline alone to alarm on errors, and holds the alarm for a window', async () => {
    const { clock, monitor } = watch({ baselineAccuracy: 0.95 });
    for (let i = 0; i < 500; i += 1) monitor.record(yes);
    const detected = 'classification_drift_detected{detector="e-detector",model="m"}';
    expect(await exposed(monitor, 'classification_drift_detected')).toEqual([`${detected} 0`]);
    for (let i = 0; i < 40; i += 1) monitor.record({ predicted: 'no', actual: 'yes' });
    expect(await exposed(monitor, 'classification_drift_detected')).toEqual([`${detected} 1`]);
    await clock.advance(10_000);
    expect(await exposed(monitor, 'classification_drift_detected')).toEqual([`${detected} 0`]);
    expect(monitor.snapshot().drift.detectors).toMatchObject([
      { detector: 'e-detector', n: 540, detected: false },
    ]);
  });

  it('survives a detector that throws', async () => {
    const add = (): never => {
      throw new Error('own mistake');
    };
    const { monitor } = watch({ drift: { detectors: [{ name: 'own', add }] } });
    expect(() => monitor.record(yes)).not.toThrow();
    expect(monitor.snapshot()).toMatchObject({ n: 1, labelled: 1, accuracy: { value: 1 } });
    const refused = 'tidewatch_refused_total{model="m",reason="detector"}';
    expect(await exposed(monitor, refused)).toEqual([`${refused} 1`]);
  });
});

it('reaches the monitor through a worker', async () => {
  const { clock, monitor } = watch({ segments: [{ name: 'country' }] });
  const receive = receiveForwarded({ monitor });
  const recorder = createForwardingRecorder({
    clock,
    send: (message: ForwardedMessage) => {
      receive(JSON.parse(JSON.stringify(message)), '1');
    },
  });
  recorder.record({ ...yes, scores: Float64Array.of(0.2, 0.8), segments: { country: 'de' } });
  await recorder.close();
  expect(monitor.snapshot()).toMatchObject({
    brier: { value: expect.closeTo(0.04, 9) },
    segments: [{ value: 'de', labelled: 1 }],
  });
});

it.for<[string, object, RegExp]>([
  [
    'a positive class that is none',
    { positiveClass: 'maybe' },
    /positiveClass: expected one of the option "classes"/,
  ],
  ['a k of 0', { topK: [0] }, /topK: expected integers above 0, got \[0\]/],
  ['a segment twice', { segments: [{ name: 'a' }, { name: 'a' }] }, /segments: expected names, each once/],
  [
    'a reference too small',
    { drift: { reference: 10 } },
    /drift: expected a reference of at least 40 predictions, or 0/,
  ],
  [
    'a task that is none',
    { task: 'ranking' },
    /task: expected "single-label" or "multi-label", got "ranking"/,
  ],
])('refuses %s at construction', ([, options, message]) => {
  expect(() => watch(options)).toThrow(message);
});
