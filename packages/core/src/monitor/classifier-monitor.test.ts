import { expect, it, vi } from 'vitest';
import { openMetricsHandler } from '../exposition/open-metrics-handler.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { ConfigError } from '../vocabulary/config-error.ts';
import { silentLogger } from '../vocabulary/logger.ts';
import { createClassifierMonitor, type ClassifierMonitor } from './classifier-monitor.ts';
import type { ClassifierMonitorOptions } from './monitor-options.ts';

function watch(options: Partial<ClassifierMonitorOptions> = {}) {
  const clock = manualClock(1_000_000);
  const monitor = createClassifierMonitor({
    model: 'pets',
    classes: ['cat', 'dog'],
    windowMs: 10_000,
    minSamples: 1,
    clock,
    ...options,
  });
  return { clock, monitor };
}

/** Exposed samples whose line begins with the text. */
async function exposed(monitor: ClassifierMonitor, start: string): Promise<string[]> {
  const response = await openMetricsHandler([monitor.metricProducer])(
    new Request('http://localhost/metrics'),
  );
  const text = (await response?.text()) ?? '';
  return text.split('\n').filter((line) => line.startsWith(start));
}

it('measures by hand: 3 right of 4', () => {
  const { monitor } = watch();
  monitor.record({ predicted: 'cat', actual: 'cat' });
  monitor.record({ predicted: 'cat', actual: 'cat' });
  monitor.record({ predicted: 'dog', actual: 'dog' });
  monitor.record({ predicted: 'dog', actual: 'cat' });
  expect(monitor.snapshot()).toMatchObject({
    n: 4,
    labelled: 4,
    accuracy: { value: 0.75, n: 4 },
    perClass: [
      { class: 'cat', support: 3, truePositives: 2, falsePositives: 0, falseNegatives: 1 },
      { class: 'dog', support: 1, truePositives: 1, falsePositives: 1, falseNegatives: 0 },
    ],
    confusion: expect.arrayContaining([{ actual: 'cat', predicted: 'dog', count: 1 }]),
  });
});

it('puts a late label into the window in which the prediction was made', async () => {
  const { clock, monitor } = watch();
  monitor.record({ predicted: 'cat', id: '1' });
  await clock.advance(9_000);
  monitor.label('1', 'dog');
  expect(monitor.snapshot()).toMatchObject({
    labelled: 1,
    labels: { coverage: 1, pending: 0, delaySeconds: { n: 1 } },
  });
  await clock.advance(1_000); // the label is a second old, the prediction ten
  expect(monitor.snapshot()).toMatchObject({ n: 0, labelled: 0, accuracy: undefined });
  expect(await exposed(monitor, 'classification_labelled_total')).toEqual([
    'classification_labelled_total{model="pets"} 1',
  ]);
});

it('counts a label whose prediction has left the window, without touching the window', async () => {
  const { clock, monitor } = watch();
  monitor.record({ predicted: 'cat', id: '1' });
  await clock.advance(60_000);
  monitor.label('1', 'cat');
  expect(monitor.snapshot().labelled).toBe(0);
  expect(await exposed(monitor, 'classification_true_positives_total{class="cat"')).toEqual([
    'classification_true_positives_total{class="cat",model="pets"} 1',
  ]);
});

it.for([
  [-3_600_000, 'NTP sets the clock back an hour'],
  [3_600_000, 'an operator sets the clock forward an hour'],
] as const)('a clock step of %i ms breaks nothing: %s', async ([stepMs]) => {
  const { clock, monitor } = watch();
  monitor.record({ predicted: 'cat', actual: 'cat' });
  clock.jumpTo(clock.now() + stepMs);
  monitor.record({ predicted: 'cat', actual: 'dog', atMs: clock.now() });
  expect(monitor.snapshot().n).toBe(2);
  await clock.advance(10_000);
  expect(monitor.snapshot().n).toBe(0);
});

it('exports nothing about quality below minSamples, and then all of it', async () => {
  const { monitor } = watch({ minSamples: 3, baselineAccuracy: 0.9 });
  for (const count of [1, 2]) {
    monitor.record({ predicted: 'cat', actual: 'cat' });
    expect(await exposed(monitor, 'classification_accuracy'), `${count} labelled`).toEqual([]);
  }
  expect(monitor.snapshot().accuracy?.value).toBe(1); // the snapshot says n beside it
  monitor.record({ predicted: 'cat', actual: 'dog' });
  expect(await exposed(monitor, 'classification_accuracy{')).toEqual([
    `classification_accuracy{model="pets"} ${2 / 3}`,
  ]);
  expect(await exposed(monitor, 'classification_baseline_accuracy{')).toHaveLength(1);
});

it('exports no sample for a score that is undefined', async () => {
  const { monitor } = watch();
  monitor.record({ predicted: 'cat', actual: 'cat' });
  expect(await exposed(monitor, 'classification_mcc{')).toEqual([]); // one class only: 0/0
  expect(await exposed(monitor, 'classification_class_recall{class="dog"')).toEqual([]);
  expect(await exposed(monitor, 'classification_class_recall{class="cat"')).toHaveLength(1);
});

it('starts the counters of every declared class at 0', async () => {
  const { monitor } = watch();
  for (const name of ['true_positives', 'false_positives', 'false_negatives']) {
    expect(await exposed(monitor, `classification_${name}_total{`)).toEqual([
      `classification_${name}_total{class="cat",model="pets"} 0`,
      `classification_${name}_total{class="dog",model="pets"} 0`,
    ]);
  }
  expect(await exposed(monitor, 'classification_predictions_total{')).toHaveLength(2);
  expect(await exposed(monitor, 'classification_confusion_total{')).toHaveLength(4);
});

it('keeps totals exact past maxClasses, where wrong among strangers is still wrong', () => {
  const { monitor } = watch({ maxClasses: 2 });
  monitor.record({ predicted: 'wolf', actual: 'wolf' });
  monitor.record({ predicted: 'wolf', actual: 'lynx' });
  expect(monitor.snapshot()).toMatchObject({
    accuracy: { value: 0.5, n: 2 },
    perClass: [{}, {}, { class: '_OTHER', truePositives: 1, falsePositives: 1, falseNegatives: 1 }],
  });
});

it('has bounded series for a million made-up classes', async () => {
  const { monitor } = watch({ maxClasses: 10 });
  for (let i = 0; i < 1_000_000; i += 1) monitor.record({ predicted: `c${i}`, actual: `d${i}` });
  expect(monitor.snapshot().n).toBe(1_000_000);
  expect(await exposed(monitor, 'classification_predictions_total{')).toHaveLength(11);
  const [other] = await exposed(monitor, 'classification_predictions_total{model="pets",predicted="_OTHER"}');
  expect(other).toMatch(/ 999996$/); // cat and dog are declared, and every second new name is a truth
});

it.for<[string, (monitor: ClassifierMonitor) => void, string]>([
  ['a class that is no text', (monitor) => monitor.record({ predicted: 7 as unknown as string }), 'class'],
  ['an empty class', (monitor) => monitor.record({ predicted: '' }), 'class'],
  ['a class of a megabyte', (monitor) => monitor.record({ predicted: 'x'.repeat(1e6) }), 'class'],
  ['a truth that is no text', (monitor) => monitor.label('1', null as unknown as string), 'class'],
  ['an id of a megabyte', (monitor) => monitor.record({ predicted: 'cat', id: 'x'.repeat(1e6) }), 'id'],
  [
    'a duration of a million years',
    (monitor) => monitor.record({ predicted: 'cat', durationSeconds: 3e13 }),
    'duration',
  ],
  ['a duration below 0', (monitor) => monitor.record({ predicted: 'cat', durationSeconds: -1 }), 'duration'],
  [
    'a duration that is no number',
    (monitor) => monitor.record({ predicted: 'cat', durationSeconds: NaN }),
    'duration',
  ],
  ['a confidence above 1', (monitor) => monitor.record({ predicted: 'cat', confidence: 1.01 }), 'confidence'],
  ['a time that is no number', (monitor) => monitor.record({ predicted: 'cat', atMs: NaN }), 'time'],
  [
    'a time that would spoil the sum of delays',
    (monitor) => monitor.record({ predicted: 'cat', id: '1', atMs: -1e308 }),
    'time',
  ],
  ['nothing at all', (monitor) => monitor.record(undefined as never), 'unreadable'],
])('counts %s and throws nothing', async ([, misuse, reason]) => {
  const { monitor } = watch();
  misuse(monitor);
  expect(await exposed(monitor, `tidewatch_refused_total{model="pets",reason="${reason}"}`)).toEqual([
    `tidewatch_refused_total{model="pets",reason="${reason}"} 1`,
  ]);
});

it('takes class names that JavaScript and the exposition format find special', async () => {
  const { monitor } = watch({ classes: [] });
  for (const name of ['__proto__', 'constructor', 'a"b\\c\nd'])
    monitor.record({ predicted: name, actual: name });
  expect(monitor.snapshot().perClass.map((scores) => scores.class)).toEqual([
    '__proto__',
    'constructor',
    'a"b\\c\nd',
  ]);
  expect(await exposed(monitor, 'classification_class_recall{class="a\\"b\\\\c\\nd"')).toHaveLength(1);
});

it('says once in the log what it refuses', () => {
  const warn = vi.fn();
  const { monitor } = watch({ logger: { ...silentLogger, warn } });
  for (let i = 0; i < 5; i += 1) monitor.record({ predicted: '' });
  expect(warn).toHaveBeenCalledTimes(1);
});

it('survives a logger that throws', () => {
  const warn = (): never => {
    throw new Error('disk full');
  };
  const { monitor } = watch({ logger: { ...silentLogger, warn } });
  expect(() => monitor.record({ predicted: '' })).not.toThrow();
  expect(() => monitor.record(undefined as never)).not.toThrow();
});

it('measures calibration: sure of 0.9 and right in half of the cases is 0.4 off', () => {
  const { monitor } = watch();
  monitor.record({ predicted: 'cat', actual: 'cat', confidence: 0.9 });
  monitor.record({ predicted: 'cat', confidence: 0.9, id: '1' });
  monitor.label('1', 'dog');
  expect(monitor.snapshot().ece).toBeCloseTo(0.4, 9);
});

it('tells throughput over the time it has watched', async () => {
  const { clock, monitor } = watch();
  expect(monitor.snapshot().throughputPerSecond).toBeUndefined();
  for (let i = 0; i < 20; i += 1) monitor.record({ predicted: 'cat' });
  await clock.advance(4_000);
  expect(monitor.snapshot().throughputPerSecond).toBe(5);
});

it.for([
  // slice  now     per s   why the row is here
  [1_000, 10_500, 10], //   the slice that is being filled is half full
  [1_000, 11_000, 10], //   it has just begun
  [10_000, 15_000, 10], //  one slice: half of the window is not there yet
] as const)(
  'is right about a steady throughput with slices of %i ms at %i ms',
  async ([sliceMs, untilMs, perSecond]) => {
    const { clock, monitor } = watch({ sliceMs });
    for (; clock.now() < 1_000_000 + untilMs; await clock.advance(100)) monitor.record({ predicted: 'cat' });
    expect(monitor.snapshot().throughputPerSecond).toBeCloseTo(perSecond, 9);
  },
);

it('takes a label for a prediction whose truth was known at once as the second one', async () => {
  const { clock, monitor } = watch();
  monitor.record({ predicted: 'cat', actual: 'cat', id: '1' });
  monitor.label('1', 'dog');
  await clock.advance(60_000);
  expect(
    await exposed(monitor, 'tidewatch_label_outcomes_total{model="pets",outcome="conflicting"}'),
  ).toEqual(['tidewatch_label_outcomes_total{model="pets",outcome="conflicting"} 1']);
});

it('answers for other windows than its own, and refuses one that it does not keep', async () => {
  const { clock, monitor } = watch({ windows: [60_000] });
  monitor.record({ predicted: 'cat' });
  await clock.advance(30_000);
  expect(monitor.snapshot().n).toBe(0);
  expect(monitor.snapshot({ windowMs: 60_000 }).n).toBe(1);
  expect(() => monitor.snapshot({ windowMs: 60_001 })).toThrow(
    /expected milliseconds from 0 to 60000, got 60001/,
  );
});

it.for<[string, object, RegExp]>([
  ['no model', { model: '' }, /model: expected a name of 1 to 256 characters, got ""/],
  ['the class that is ours', { classes: ['_OTHER'] }, /classes: expected no class of the name _OTHER/],
  ['a class twice', { classes: ['a', 'a'] }, /classes: expected each class once/],
  ['more classes than maxClasses', { maxClasses: 1 }, /maxClasses: expected at least 2, got 1/],
  ['a window of 0', { windowMs: 0 }, /windowMs: expected milliseconds above 0, got 0/],
  ['slices too fine', { sliceMs: 0.001 }, /sliceMs: expected at most the shortest window/],
  [
    'a baseline in percent',
    { baselineAccuracy: 92 },
    /baselineAccuracy: expected a share from 0 to 1, got 92/,
  ],
  ['a misspelt option', { minSample: 3 }, /minSample: unknown option; did you mean "minSamples"\?/],
])('refuses %s at construction', ([, options, message]) => {
  expect(() => watch(options)).toThrow(ConfigError);
  expect(() => watch(options)).toThrow(message);
});
