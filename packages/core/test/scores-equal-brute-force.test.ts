import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createClassifierMonitor } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';

const WINDOW_MS = 1_000;
const SLICE_MS = 100;
const CLASSES = ['cat', 'dog', 'bird'];

const scores = fc
  .tuple(fc.nat(9), fc.nat(9), fc.nat(9))
  .map(([a, b, c]) => [a, b, c].map((part) => (a + b + c === 0 ? 1 / 3 : part / (a + b + c))));
const actual = fc.constantFrom(...CLASSES, 'unheard');
const id = fc.nat(6).map(String);
const step = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(400) }),
  fc.record({ kind: fc.constant('known' as const), scores, actual, ageMs: fc.nat(1_300) }),
  fc.record({ kind: fc.constant('predict' as const), scores, id, ageMs: fc.nat(1_300) }),
  fc.record({ kind: fc.constant('label' as const), id, actual }),
);

interface Event {
  readonly timeMs: number;
  readonly scores: readonly number[];
  readonly country: string;
  actual?: string;
}

it('scores exactly the probabilities in the window, whatever becomes late, repeated or lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = manualClock(5_000);
      const monitor = createClassifierMonitor({
        model: 'pets',
        classes: CLASSES,
        topK: [1, 2],
        segments: [{ name: 'country', maxValues: 1 }],
        windowMs: WINDOW_MS,
        sliceMs: SLICE_MS,
        earlyLabelMs: 0,
        clock,
      });
      const events: Event[] = [];
      const waiting = new Map<string, Event>();
      for (const [number, action] of steps.entries()) {
        if (action.kind === 'wait') await clock.advance(action.ms);
        else if (action.kind === 'label') {
          const event = waiting.get(action.id);
          if (event !== undefined) event.actual = action.actual;
          waiting.delete(action.id);
          monitor.label(action.id, action.actual);
        } else {
          const country = number % 3 === 0 ? 'de' : 'cn';
          const event: Event = { timeMs: clock.now() - action.ageMs, scores: action.scores, country };
          const predicted = CLASSES[action.scores.indexOf(Math.max(...action.scores))] ?? '';
          const common = { predicted, scores: action.scores, atMs: event.timeMs, segments: { country } };
          events.push(event);
          if (action.kind === 'known') {
            event.actual = action.actual;
            monitor.record({ ...common, actual: action.actual });
          } else {
            waiting.set(action.id, event);
            monitor.record({ ...common, id: action.id });
          }
        }

        const oldest = Math.floor(clock.now() / SLICE_MS) - WINDOW_MS / SLICE_MS + 1;
        const inside = events.filter(({ timeMs }) => Math.floor(timeMs / SLICE_MS) >= oldest);
        const labelled = inside.filter((event) => event.actual !== undefined);
        const mean = (of: (event: Event) => number): number | undefined =>
          labelled.length === 0
            ? undefined
            : labelled.reduce((sum, event) => sum + of(event), 0) / labelled.length;
        const truth = (event: Event): number => CLASSES.indexOf(event.actual ?? '');
        const snapshot = monitor.snapshot();
        expectClose(
          snapshot.logLoss?.value,
          mean(
            (event) => -Math.log(Math.min(1 - 2 ** -52, Math.max(event.scores[truth(event)] ?? 0, 2 ** -52))),
          ),
        );
        expectClose(
          snapshot.brier?.value,
          mean((event) =>
            truth(event) < 0
              ? 1 + event.scores.reduce((sum, score) => sum + score ** 2, 0)
              : event.scores.reduce((sum, score, i) => sum + (score - (i === truth(event) ? 1 : 0)) ** 2, 0),
          ),
        );
        expectClose(
          snapshot.topK.find(({ k }) => k === 2)?.value,
          mean((event) => {
            const own = event.scores[truth(event)] ?? -1;
            const above = event.scores.filter((score) => score > own).length;
            const ties = event.scores.filter((score) => score === own).length;
            return own === -1 ? 0 : Math.min(1, Math.max(0, (2 - above) / ties));
          }),
        );
        const counted = snapshot.segments.reduce((sum, { n }) => sum + n, 0);
        expect(counted).toBe(inside.length);
        expect(snapshot.segments.reduce((sum, segment) => sum + segment.labelled, 0)).toBe(labelled.length);
        expect(snapshot.segments.length).toBeLessThanOrEqual(2);
        expectExactArea(snapshot.rocAuc, labelled, truth);
      }
    }),
    { numRuns: 100 },
  );
});

function expectClose(ours: number | undefined, exact: number | undefined): void {
  expect(ours === undefined).toBe(exact === undefined);
  expect(ours ?? 0).toBeCloseTo(exact ?? 0, 7);
}

/** Mean over classes of the share of pairs in the right order. */
function expectExactArea(
  ours: { readonly value: number; readonly errorBound: number } | undefined,
  labelled: readonly Event[],
  truth: (event: Event) => number,
): void {
  const areas = CLASSES.flatMap((_, own) => {
    const score = (event: Event): number => event.scores[own] ?? 0;
    const positives = labelled.filter((event) => truth(event) === own).map(score);
    const negatives = labelled.filter((event) => truth(event) !== own).map(score);
    let won = 0;
    for (const p of positives) for (const q of negatives) won += p > q ? 1 : p === q ? 0.5 : 0;
    const pairs = positives.length * negatives.length;
    return pairs === 0 ? [] : [won / pairs];
  });
  expect(ours === undefined).toBe(areas.length === 0);
  if (ours === undefined) return;
  const exact = areas.reduce((sum, area) => sum + area, 0) / areas.length;
  expect(Math.abs(ours.value - exact)).toBeLessThanOrEqual(ours.errorBound + 1e-12);
}
