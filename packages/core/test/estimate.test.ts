import { describe, expect, it } from 'vitest';
import {
  createClassifierMonitor,
  type ClassifierMonitor,
  type ClassifierMonitorOptions,
} from '../src/index.ts';
import { manualClock } from '../src/testing/index.ts';
import { seeded } from './seeded.ts';

const WINDOW_MS = 10_000;

interface World {
  readonly clock: ReturnType<typeof manualClock>;
  readonly monitor: ClassifierMonitor;
  /** Sends predictions through; answers how many were right. */
  readonly send: (events: number, how: { readonly labelled: boolean; readonly sure: number }) => number;
}

/** A classifier that says 0.3 too much, of truths that follow what it should have said. */
function world(
  classes: readonly string[],
  seed: number,
  options: Partial<ClassifierMonitorOptions> = {},
): World {
  const clock = manualClock(1_000_000);
  const monitor = createClassifierMonitor({ model: 'm', classes, windowMs: WINDOW_MS, clock, ...options });
  const random = seeded(seed);
  const pick = (names: readonly string[]): string => names[Math.floor(random() * names.length)] ?? '';
  return {
    clock,
    monitor,
    send(events, { labelled, sure }) {
      let right = 0;
      for (let i = 0; i < events; i += 1) {
        const predicted = pick(classes);
        const isClear = random() < sure;
        const confidence = isClear ? 0.99 : 0.8;
        const isRight = random() < (isClear ? 0.95 : 0.5);
        if (isRight) right += 1;
        const actual = isRight ? predicted : pick(classes.filter((name) => name !== predicted));
        monitor.record({ predicted, confidence, ...(labelled ? { actual } : {}) });
      }
      return right;
    },
  };
}

describe.for([
  [['no', 'yes'], 'yes'],
  [['a', 'b', 'c', 'd'], undefined],
] as const)('without labels, of the classes %j', ([classes, positiveClass]) => {
  it('estimates accuracy and F1 within the interval, calibration learnt from labels', async () => {
    let inside = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const { clock, monitor, send } = world(
        classes,
        seed,
        positiveClass === undefined ? {} : { positiveClass },
      );
      send(2_000, { labelled: true, sure: 0.8 });
      await clock.advance(WINDOW_MS);
      // Harder pictures than before: a shift that confidences can see.
      const accuracy = send(1_000, { labelled: false, sure: 0.3 }) / 1_000;
      const { estimated, labelled } = monitor.snapshot();
      expect(labelled).toBe(0);
      expect(estimated?.n).toBe(1_000);
      expect(estimated?.accuracy).toBeCloseTo(0.635, 1);
      expect(estimated?.f1).toBeCloseTo(0.635, 1);
      expect(estimated?.trusted).toBe(true);
      const { low = 1, high = 0 } = estimated?.interval ?? {};
      expect(high - low).toBeLessThan(0.12);
      if (low <= accuracy && accuracy <= high) inside += 1;
    }
    // 99 % of Binomial(20, 0.95).
    expect(inside).toBeGreaterThanOrEqual(16);
  });

  it('is not trusted any more when the labels say something else', () => {
    const { monitor, send } = world(classes, 5);
    send(2_000, { labelled: true, sure: 0.8 });
    expect(monitor.snapshot().estimated?.trusted).toBe(true);
    // The same confidences, but answers no better than a coin: nothing but labels can tell.
    const random = seeded(9);
    for (let i = 0; i < 1_200; i += 1) {
      const predicted = classes[i % classes.length] ?? '';
      const actual = random() < 0.4 ? predicted : (classes[(i + 1) % classes.length] ?? '');
      monitor.record({ predicted, confidence: 0.99, actual });
    }
    const { estimated } = monitor.snapshot();
    expect(estimated?.trusted).toBe(false);
    expect(estimated?.coverage.hits).toBeLessThan(estimated?.coverage.blocks ?? 0);
  });
});

it('estimates how frequent classes are now', async () => {
  const { clock, monitor, send } = world(['a', 'b', 'c'], 2);
  send(4_000, { labelled: true, sure: 0.8 });
  await clock.advance(WINDOW_MS);
  // Only a is shown, and it is taken for another with the same probability as before.
  const random = seeded(4);
  for (let i = 0; i < 3_000; i += 1) {
    const isRight = random() < 0.86;
    monitor.record({ predicted: isRight ? 'a' : random() < 0.5 ? 'b' : 'c', confidence: 0.9 });
  }
  const shares = monitor.snapshot().estimated?.priors ?? [];
  expect(shares.map((prior) => prior.class)).toEqual(['a', 'b', 'c']);
  expect(shares[0]?.share).toBeGreaterThan(0.95);
});

it('estimates nothing before it has learnt, and nothing of predictions that do not say how sure they are', () => {
  const { monitor, send } = world(['a', 'b'], 1);
  send(199, { labelled: true, sure: 0.8 });
  expect(monitor.snapshot().estimated).toBeUndefined();
  const mute = createClassifierMonitor({ model: 'm' });
  for (let i = 0; i < 1_000; i += 1) mute.record({ predicted: 'a', actual: 'a' });
  expect(mute.snapshot().estimated).toBeUndefined();
});

it('is not trusted before five blocks of labels agreed', () => {
  const { monitor, send } = world(['a', 'b'], 1);
  send(1_000, { labelled: true, sure: 0.8 });
  expect(monitor.snapshot().estimated).toMatchObject({ trusted: false, coverage: { blocks: 4 } });
  send(200, { labelled: true, sure: 0.8 });
  expect(monitor.snapshot().estimated).toMatchObject({ trusted: true, coverage: { blocks: 5 } });
});
