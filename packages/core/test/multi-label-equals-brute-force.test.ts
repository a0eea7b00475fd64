import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ClassifierMonitor, createClassifierMonitor } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';

const CLASSES = ['cat', 'dog', 'bird'];

function watch() {
  const clock = manualClock(1_000_000);
  const monitor = createClassifierMonitor({
    model: 'photos',
    task: 'multi-label',
    classes: CLASSES,
    undefinedScore: 0,
    minSamples: 1,
    windowMs: 10_000,
    clock,
  });
  return { clock, monitor };
}

it('equals scikit-learn by hand', () => {
  const { monitor } = watch();
  monitor.record({ predicted: ['cat', 'dog'], actual: ['dog', 'cat'] });
  monitor.record({ predicted: ['cat'], actual: ['cat', 'bird'] });
  monitor.record({ predicted: [], actual: ['dog'] });
  // y_true = [[1,1,0],[1,0,1],[0,1,0]], y_pred = [[1,1,0],[1,0,0],[0,0,0]], zero_division=0
  expect(monitor.snapshot()).toMatchObject({
    n: 3,
    accuracy: { value: expect.closeTo(1 / 3, 12) }, //     accuracy_score: whole sets
    hammingLoss: expect.closeTo(2 / 9, 12),
    precision: { micro: 1, macro: expect.closeTo(2 / 3, 12), weighted: expect.closeTo(0.8, 12) },
    recall: { micro: expect.closeTo(0.6, 12), macro: 0.5 },
    f1: { micro: 0.75 },
    samples: {
      precision: { value: expect.closeTo(2 / 3, 9) },
      recall: { value: 0.5 },
      f1: { value: expect.closeTo(5 / 9, 9) },
      jaccard: { value: 0.5 },
    },
    mcc: undefined,
    balancedAccuracy: undefined,
    confusion: [],
  });
});

const set = fc.subarray(CLASSES);
const step = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(4_000) }),
  fc.record({ kind: fc.constant('known' as const), said: set, truth: set }),
  fc.record({ kind: fc.constant('predict' as const), said: set, id: fc.nat(4).map(String) }),
  fc.record({ kind: fc.constant('label' as const), truth: set, id: fc.nat(4).map(String) }),
);

interface Event {
  readonly timeMs: number;
  readonly said: readonly string[];
  truth?: readonly string[];
}

it('scores exactly the sets in the window, their labels late, repeated or lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { clock, monitor } = watch();
      const events: Event[] = [];
      const waiting = new Map<string, Event>();
      const early = new Map<string, { truth: readonly string[]; untilMs: number }>();
      for (const action of steps) {
        if (action.kind === 'wait') await clock.advance(action.ms);
        else if (action.kind === 'label') {
          const event = waiting.get(action.id);
          if (event !== undefined) event.truth = action.truth;
          waiting.delete(action.id);
          monitor.label(action.id, action.truth.toReversed());
          // A label that is ahead of its prediction is another test's subject.
          if (event === undefined) early.set(action.id, { truth: action.truth, untilMs: clock.now() });
        } else {
          const event: Event = { timeMs: clock.now(), said: action.said };
          if (action.kind === 'known') event.truth = action.truth;
          else if (early.has(action.id)) continue;
          else waiting.set(action.id, event);
          events.push(event);
          monitor.record({
            predicted: action.said.toReversed(),
            ...(action.kind === 'known' ? { actual: action.truth } : { id: action.id }),
          });
        }
        const oldest = Math.floor(clock.now() / 100) - 99;
        const inside = events.filter(({ timeMs }) => Math.floor(timeMs / 100) >= oldest);
        const labelled = inside.flatMap(({ said, truth }) => (truth === undefined ? [] : [{ said, truth }]));
        const { n, samples, hammingLoss, accuracy, perClass, f1 } = monitor.snapshot();
        expect(n).toBe(inside.length);
        const mean = (of: (pair: (typeof labelled)[number]) => number): number =>
          labelled.reduce((sum, pair) => sum + of(pair), 0) / labelled.length;
        const differences = ({ said, truth }: (typeof labelled)[number]): number =>
          CLASSES.filter((name) => said.includes(name) !== truth.includes(name)).length;
        expect(hammingLoss === undefined).toBe(labelled.length === 0);
        if (labelled.length === 0) continue;
        expect(hammingLoss).toBeCloseTo(mean(differences) / 3, 12);
        expect(accuracy?.value).toBeCloseTo(
          mean((pair) => (differences(pair) === 0 ? 1 : 0)),
          12,
        );
        const right = (pair: (typeof labelled)[number]): number =>
          pair.said.filter((name) => pair.truth.includes(name)).length;
        expect(samples?.f1?.value).toBeCloseTo(
          mean((pair) => (2 * right(pair)) / Math.max(1, pair.said.length + pair.truth.length)),
          8,
        );
        const scores = perClass.map(({ truePositives: tp, falsePositives: fp, falseNegatives: fn }) =>
          tp + fp + fn === 0 ? 0 : (2 * tp) / (2 * tp + fp + fn),
        );
        expect(f1.macro).toBeCloseTo(scores.reduce((sum, score) => sum + score, 0) / 3, 12);
      }
    }),
    { numRuns: 60 },
  );
});

it('knows a second label by its set, whatever its order', async () => {
  const { monitor } = watch();
  monitor.record({ predicted: 'cat', id: '1' });
  monitor.label('1', ['dog', 'cat', 'cat']);
  monitor.label('1', ['cat', 'dog']);
  monitor.label('1', ['dog']);
  const { resourceMetrics } = await monitor.metricProducer.collect();
  const outcomes = resourceMetrics.scopeMetrics[0]?.metrics.find(
    ({ descriptor }) => descriptor.name === 'tidewatch_label_outcomes_total',
  );
  const counts = outcomes?.dataPoints.map(({ attributes, value }) => [attributes['outcome'], value]);
  expect(counts).toEqual(
    expect.arrayContaining([
      ['joined', 1],
      ['duplicate', 1],
      ['conflicting', 1],
    ]),
  );
});

it('merges, and refuses what is no set', () => {
  const { monitor } = watch();
  monitor.record({ predicted: ['cat'], actual: ['cat', 'dog'] });
  monitor.record({ predicted: [7] as never });
  monitor.record({ predicted: Array.from({ length: 1_001 }, (_, i) => String(i)) });
  const state = monitor.exportState();
  const merged = ClassifierMonitor.snapshot(ClassifierMonitor.merge([state, state]));
  expect(merged).toMatchObject({ n: 2, hammingLoss: 1 / 3, samples: { recall: { value: 0.5, n: 2 } } });
});

it('is refused by a monitor of single classes, and with a reference for drift', () => {
  const single = createClassifierMonitor({ model: 'm' });
  single.record({ predicted: ['cat'] });
  expect(single.snapshot().n).toBe(0);
  expect(() =>
    createClassifierMonitor({ model: 'm', task: 'multi-label', drift: { reference: 100 } }),
  ).toThrow(/drift: expected no reference with task "multi-label"/);
});
