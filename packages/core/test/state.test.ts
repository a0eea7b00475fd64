import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  ClassifierMonitor,
  ConfigError,
  createClassifierMonitor,
  type ClassifierMonitorOptions,
  type ClassifierState,
} from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';

const CLASSES = ['cat', 'dog', 'bird'];
const clock = manualClock(1_000_000);

function monitorOf(options: Partial<ClassifierMonitorOptions> = {}): ClassifierMonitor {
  return createClassifierMonitor({
    model: 'pets',
    classes: CLASSES,
    topK: [1, 2],
    windowMs: 10_000,
    windows: [60_000],
    segments: [{ name: 'country', maxValues: 3 }],
    drift: { reference: 40 },
    baselineAccuracy: 0.9,
    clock,
    ...options,
  });
}

const className = fc.constantFrom(...CLASSES, 'unheard');
const event = fc.record({
  predicted: className,
  actual: fc.option(className, { nil: undefined }),
  confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  scores: fc.option(fc.constantFrom([0.7, 0.2, 0.1], [0, 0, 1], [0.25, 0.5, 0.25]), { nil: undefined }),
  durationSeconds: fc.double({ min: 1e-6, max: 100, noNaN: true }),
  country: fc.constantFrom('de', 'cn', 'fr'),
  where: fc.nat(2),
});
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

function record(
  monitor: ClassifierMonitor,
  { predicted, actual, confidence, scores, country, durationSeconds }: Event,
): void {
  monitor.record({
    predicted,
    durationSeconds,
    segments: { country },
    ...(actual === undefined ? {} : { actual }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(scores === undefined ? {} : { scores }),
  });
}

/** Three processes, and one that saw everything. */
function fleet(events: readonly Event[]): { states: ClassifierState[]; whole: ClassifierMonitor } {
  const monitors = [monitorOf(), monitorOf(), monitorOf()];
  const whole = monitorOf();
  for (const one of events) {
    const monitor = monitors[one.where];
    if (monitor !== undefined) record(monitor, one);
    record(whole, one);
  }
  return { states: monitors.map((monitor) => monitor.exportState()), whole };
}

const manyEvents = fc.array(event, { maxLength: 60 });

it('is associative and commutative, to the last bit, and changes nothing of a single state', () => {
  fc.assert(
    fc.property(manyEvents, (events) => {
      const [a, b, c] = fleet(events).states as [ClassifierState, ClassifierState, ClassifierState];
      const merge = (states: readonly ClassifierState[]) => ClassifierMonitor.merge(states);
      expect(merge([a])).toEqual(a);
      expect(merge([a, b])).toEqual(merge([b, a]));
      expect(merge([merge([a, b]), c])).toEqual(merge([a, merge([b, c])]));
      expect(merge([a, b, c])).toEqual(merge([merge([c, a]), b]));
    }),
    { numRuns: 20 },
  );
});

it('scores the fleet as if one monitor had seen everything', () => {
  fc.assert(
    fc.property(manyEvents, (events) => {
      const { states, whole } = fleet(events);
      const merged = ClassifierMonitor.merge(JSON.parse(JSON.stringify(states)) as ClassifierState[]);
      for (const windowMs of [10_000, 60_000]) {
        const ours = ClassifierMonitor.snapshot(merged, { windowMs });
        const all = whole.snapshot({ windowMs });
        // The first 40 predictions of three monitors are not the first 40 of one, and errors came in another order.
        expect({ ...ours, drift: undefined, confusion: undefined, segments: undefined }).toEqual({
          ...all,
          drift: undefined,
          confusion: undefined,
          segments: undefined,
        });
        for (const key of ['confusion', 'segments'] as const) {
          expect(new Set(ours[key].map((row) => JSON.stringify(row)))).toEqual(
            new Set(all[key].map((row) => JSON.stringify(row))),
          );
        }
        const seen = (snapshot: typeof all) =>
          snapshot.drift.detectors.map(({ detector, n }) => `${detector} ${n}`).toSorted();
        expect(seen(ours)).toEqual(seen(all));
      }
    }),
    { numRuns: 20 },
  );
});

it('carries estimates and latencies: what one process learnt is good for all', () => {
  const monitors = [monitorOf(), monitorOf()] as const;
  for (let i = 0; i < 1_200; i += 1) {
    const predicted = CLASSES[i % 3] ?? '';
    const actual = i % 5 === 0 ? (CLASSES[(i + 1) % 3] ?? '') : predicted;
    monitors[0].record({ predicted, actual, confidence: 0.8, durationSeconds: 0.01 });
    monitors[1].record({ predicted, confidence: 0.8, durationSeconds: 1 });
  }
  expect(monitors[1].snapshot().estimated).toBeUndefined();
  const merged = ClassifierMonitor.snapshot(
    ClassifierMonitor.merge(monitors.map((one) => one.exportState())),
  );
  expect(merged.estimated).toMatchObject({ n: 2_400, accuracy: expect.closeTo(0.8, 2), trusted: true });
  // Never the mean of two medians.
  expect(merged.latencySeconds).toMatchObject({
    n: 2_400,
    p50: expect.closeTo(0.01, 3),
    p99: expect.closeTo(1, 1),
  });
  expect(merged.throughputPerSecond).toBeUndefined();
});

it.for<[string, (state: ClassifierState) => unknown, RegExp]>([
  ['nothing', () => undefined, /\[1\]\.tidewatchState: expected a state of version 1, got none/],
  ['a later version', (state) => ({ ...state, tidewatchState: 2 }), /expected a state of version 1, got 2/],
  [
    'other classes',
    () => monitorOf({ classes: ['a'] }).exportState(),
    /\[1\]\.config\.classes: expected \["cat"/,
  ],
  ['another model', () => monitorOf({ model: 'x' }).exportState(), /config\.model: expected "pets".*got "x"/],
  [
    'another version',
    () => monitorOf({ version: '2' }).exportState(),
    /config\.version: expected "".*got "2"/,
  ],
  ['other windows', () => monitorOf({ windows: [] }).exportState(), /config\.windows/],
  ['other segments', () => monitorOf({ segments: [] }).exportState(), /config\.segments/],
])('refuses %s', ([, change, message]) => {
  const state = monitorOf().exportState();
  const merge = (): unknown => ClassifierMonitor.merge([state, change(state) as ClassifierState]);
  expect(merge).toThrow(ConfigError);
  expect(merge).toThrow(message);
});

it('refuses no states, and a window that nobody kept', () => {
  expect(() => ClassifierMonitor.merge([])).toThrow(/expected at least one state/);
  const state = monitorOf().exportState();
  expect(() => ClassifierMonitor.snapshot(state, { windowMs: 5 })).toThrow(/expected one of 10000, 60000/);
});
