import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PendingLabels, type LabelOutcome } from './pending-labels.ts';

function pendingLabels({ maxPending = 10, timeoutMs = 1_000, earlyLabelMs = 100 } = {}) {
  const outcomes: LabelOutcome[] = [];
  const pending = new PendingLabels({
    maxPending,
    timeoutMs,
    earlyLabelMs,
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  const predict = (id: string, timeMs = 0) =>
    pending.predict(id, { predicted: 'cat', timeMs, confidence: undefined });
  return { pending, outcomes, predict };
}

type Scene = ReturnType<typeof pendingLabels>;

it.for<[string, (scene: Scene) => unknown, LabelOutcome[]]>([
  [
    'a label after its prediction',
    ({ pending, predict }) => [predict('1'), pending.label('1', 'cat', 5)],
    ['joined'],
  ],
  [
    'labels for a prediction whose truth was known at once',
    ({ pending }) => [pending.settle('1', 'cat'), pending.label('1', 'cat', 5), pending.label('1', 'dog', 6)],
    ['duplicate', 'conflicting'],
  ],
  [
    'a label before a prediction whose truth is known at once',
    ({ pending, predict }) => [pending.label('1', 'dog', 5), pending.settle('1', 'cat'), predict('1')],
    ['conflicting'], // and it does not meet the next prediction of that id
  ],
  [
    'a truth known at once under the id of a prediction that waits',
    ({ pending, predict }) => [predict('1'), pending.settle('1', 'cat')],
    ['id-reused'],
  ],
  [
    'a label before its prediction, as from another worker',
    ({ pending, predict }) => [pending.label('1', 'cat', 5), predict('1')],
    ['joined'],
  ],
  [
    'the same label twice',
    ({ pending, predict }) => [predict('1'), pending.label('1', 'cat', 5), pending.label('1', 'cat', 6)],
    ['joined', 'duplicate'],
  ],
  [
    'another truth later',
    ({ pending, predict }) => [predict('1'), pending.label('1', 'cat', 5), pending.label('1', 'dog', 6)],
    ['joined', 'conflicting'],
  ],
  [
    'two labels before the prediction: the first stands',
    ({ pending, predict }) => [pending.label('1', 'cat', 5), pending.label('1', 'dog', 6), predict('1')],
    ['conflicting', 'joined'],
  ],
  [
    'a label for a prediction that never comes',
    ({ pending }) => [pending.label('1', 'cat', 5), pending.expire(104), pending.expire(105)],
    ['orphan'],
  ],
  [
    'a prediction whose label never comes',
    ({ pending, predict }) => [predict('1'), pending.expire(1_000)],
    ['expired'],
  ],
  ['an id used again before its label came', ({ predict }) => [predict('1'), predict('1')], ['id-reused']],
  [
    'an id used again after its label came',
    ({ pending, predict }) => [
      predict('1'),
      pending.label('1', 'cat', 5),
      predict('1'),
      pending.label('1', 'dog', 6),
    ],
    ['joined', 'joined'],
  ],
])('%s', ([, act, expected]) => {
  const scene = pendingLabels();
  act(scene);
  expect(scene.outcomes).toEqual(expected);
});

it('lets the oldest make room, and joins the newest', () => {
  const { pending, outcomes, predict } = pendingLabels({ maxPending: 2 });
  ['1', '2', '3'].forEach((id) => predict(id));
  expect(pending.size).toBe(2);
  expect(pending.label('3', 'dog', 7)).toMatchObject({
    actual: 'dog',
    labelMs: 7,
    prediction: { predicted: 'cat' },
  });
  expect(outcomes).toEqual(['evicted', 'joined']);
});

it('keeps memory bounded against labels for made-up ids', () => {
  const { pending, outcomes } = pendingLabels({ maxPending: 3 });
  for (let id = 0; id < 1_000; id += 1) pending.label(String(id), 'cat', 0);
  expect(outcomes.filter((outcome) => outcome === 'orphan')).toHaveLength(997);
});

/** The same rules over plain lists, oldest first. */
class PlainLabels {
  readonly outcomes: LabelOutcome[] = [];
  waiting: { id: string; timeMs: number }[] = [];
  early: { id: string; actual: string; timeMs: number }[] = [];
  settled: { id: string; actual: string }[] = [];
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  predict(id: string, timeMs: number): void {
    const early = this.early.find((one) => one.id === id);
    if (early !== undefined) return this.#settle(id, early.actual, 'joined');
    if (this.waiting.some((one) => one.id === id)) this.outcomes.push('id-reused');
    else if (this.waiting.length >= this.#max) {
      this.waiting.shift();
      this.outcomes.push('evicted');
    }
    this.#remove(id);
    this.waiting.push({ id, timeMs });
  }

  label(id: string, actual: string, timeMs: number): void {
    const known = [...this.settled, ...this.early].find((one) => one.id === id);
    if (this.waiting.some((one) => one.id === id)) this.#settle(id, actual, 'joined');
    else if (known !== undefined) this.outcomes.push(known.actual === actual ? 'duplicate' : 'conflicting');
    else {
      if (this.early.length >= this.#max) {
        this.early.shift();
        this.outcomes.push('orphan');
      }
      this.early.push({ id, actual, timeMs });
    }
  }

  expire(nowMs: number): void {
    for (; this.waiting[0] !== undefined && nowMs - this.waiting[0].timeMs >= 50; this.waiting.shift())
      this.outcomes.push('expired');
    for (; this.early[0] !== undefined && nowMs - this.early[0].timeMs >= 20; this.early.shift())
      this.outcomes.push('orphan');
  }

  #settle(id: string, actual: string, outcome: LabelOutcome): void {
    if (this.settled.length >= this.#max) this.settled.shift();
    this.#remove(id);
    this.settled.push({ id, actual });
    this.outcomes.push(outcome);
  }

  #remove(id: string): void {
    this.waiting = this.waiting.filter((one) => one.id !== id);
    this.early = this.early.filter((one) => one.id !== id);
    this.settled = this.settled.filter((one) => one.id !== id);
  }
}

it('does what the rules say over plain lists, in whatever order things come', () => {
  const step = fc.record({
    kind: fc.constantFrom('predict', 'label', 'expire'),
    id: fc.nat(7).map(String),
    actual: fc.constantFrom('cat', 'dog'),
    forwardMs: fc.nat(15),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 4 }), (steps, maxPending) => {
      const { pending, outcomes, predict } = pendingLabels({ maxPending, timeoutMs: 50, earlyLabelMs: 20 });
      const plain = new PlainLabels(maxPending);
      let nowMs = 0;
      for (const { kind, id, actual, forwardMs } of steps) {
        nowMs += forwardMs;
        if (kind === 'predict') {
          predict(id, nowMs);
          plain.predict(id, nowMs);
        } else if (kind === 'label') {
          pending.label(id, actual, nowMs);
          plain.label(id, actual, nowMs);
        } else {
          pending.expire(nowMs);
          plain.expire(nowMs);
        }
        expect(outcomes).toEqual(plain.outcomes);
        expect(pending.size).toBe(plain.waiting.length);
      }
    }),
  );
});
