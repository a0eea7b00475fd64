import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createClassifierMonitor } from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';

const WINDOW_MS = 1_000;
const SLICE_MS = 100;
const START_MS = 5_000;
const CLASSES = ['cat', 'dog', 'bird', 'fish'] as const; // only two fit: the others share _OTHER

const className = fc.constantFrom(...CLASSES);
const id = fc.nat(6).map(String); // few, so that ids collide
const step = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(400) }),
  fc.record({ kind: fc.constant('clock step' as const), ms: fc.integer({ min: -1e7, max: 1e7 }) }),
  fc.record({
    kind: fc.constant('known' as const),
    predicted: className,
    actual: className,
    ageMs: fc.nat(1_300),
  }),
  fc.record({ kind: fc.constant('predict' as const), predicted: className, id, ageMs: fc.nat(1_300) }),
  fc.record({ kind: fc.constant('label' as const), id, actual: className }),
);

interface Event {
  readonly timeMs: number;
  readonly predicted: string;
  actual?: string;
}

it('scores exactly the events in the window, whatever becomes late, repeated or lost, and however the clock is set', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
      const clock = manualClock(START_MS);
      const monitor = createClassifierMonitor({
        model: 'pets',
        maxClasses: 2,
        windowMs: WINDOW_MS,
        sliceMs: SLICE_MS,
        maxPendingLabels: 1_000,
        earlyLabelMs: 1e9,
        clock,
      });
      const events: Event[] = [];
      const waiting = new Map<string, Event>();
      const early = new Map<string, string>();
      const settled = new Set<string>();

      /** Of what is measured; the wall clock may be stepped in either direction at any time. */
      const steadyMs = () => clock.monotonic?.() ?? 0;
      for (const action of steps) {
        if (action.kind === 'wait') {
          await clock.advance(action.ms);
        } else if (action.kind === 'clock step') {
          clock.jumpTo(clock.now() + action.ms);
        } else if (action.kind === 'known') {
          const { predicted, actual } = action;
          monitor.record({ predicted, actual, atMs: clock.now() - action.ageMs });
          events.push({ timeMs: steadyMs() - action.ageMs, predicted, actual });
        } else if (action.kind === 'predict') {
          const event: Event = { timeMs: steadyMs() - action.ageMs, predicted: action.predicted };
          monitor.record({ predicted: action.predicted, id: action.id, atMs: clock.now() - action.ageMs });
          events.push(event);
          settled.delete(action.id);
          waiting.delete(action.id);
          const actual = early.get(action.id);
          if (actual === undefined) waiting.set(action.id, event);
          else {
            event.actual = actual;
            settled.add(action.id);
            early.delete(action.id);
          }
        } else {
          monitor.label(action.id, action.actual);
          const event = waiting.get(action.id);
          if (event !== undefined) {
            event.actual = action.actual;
            waiting.delete(action.id);
            settled.add(action.id);
          } else if (!settled.has(action.id) && !early.has(action.id)) early.set(action.id, action.actual);
        }

        const oldest = Math.floor(steadyMs() / SLICE_MS) - WINDOW_MS / SLICE_MS + 1;
        const inside = events.filter(({ timeMs }) => Math.floor(timeMs / SLICE_MS) >= oldest);
        const labelled = inside.filter(({ actual }) => actual !== undefined);
        const correct = labelled.filter(({ predicted, actual }) => predicted === actual);
        const snapshot = monitor.snapshot();
        expect(snapshot.n).toBe(inside.length);
        expect(snapshot.labelled).toBe(labelled.length);
        expect(snapshot.accuracy?.value).toBe(
          labelled.length === 0 ? undefined : correct.length / labelled.length,
        );
        expect(snapshot.precision.micro ?? 0).toBeCloseTo(snapshot.accuracy?.value ?? 0, 12);
        expect(snapshot.labels.pending).toBe(waiting.size);
        expect(snapshot.confusion.reduce((sum, { count }) => sum + count, 0)).toBe(labelled.length);
      }
    }),
    { numRuns: 150 },
  );
});
