import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Instances } from './alert-instance.ts';
import type { AlertRule } from './rule.ts';
import { step } from './step.ts';

const MINUTE = 60_000;
const rule: AlertRule = {
  kind: 'alert',
  name: 'A',
  expr: 'x > 1',
  forMs: 2 * MINUTE,
  keepFiringForMs: 0,
  labels: {},
  annotations: {},
};

/** Runs a rule over minutes: a digit is a sample with that value, `_` is none, `N` is NaN. Answers P, F, R or `_`. */
function run(timeline: string, parts: Partial<AlertRule> = {}): string {
  let instances: Instances = new Map();
  return Array.from(timeline, (char, minute) => {
    const sample = {
      labels: { model: 'm' },
      timeMs: minute * MINUTE,
      value: char === 'N' ? Number.NaN : Number(char),
    };
    const result = step({ ...rule, ...parts }, instances, char === '_' ? [] : [sample], minute * MINUTE);
    if (result.status !== 'ok') return '!';
    instances = result.instances;
    const [instance] = instances.values();
    return instance === undefined ? '_' : instance.state.slice(0, 1).toUpperCase();
  }).join('');
}

it.for([
  // samples    for  keep  states       why the row is here
  ['222222', 2, 0, 'PPFFFF', 'fires when `for` has elapsed, not after'],
  ['22_222', 2, 0, 'PP_PPF', 'a gap while pending starts over, and is not told'],
  ['222_', 2, 0, 'PPFR', 'one miss resolves'],
  ['222__', 2, 0, 'PPFR_', 'resolved is reported once'],
  ['222_22', 2, 0, 'PPFRPP', 'a resolved alert starts from pending'],
  ['2', 0, 0, 'F', '`for: 0` fires at once'],
  ['22_', 0, 0, 'FFR', ''],
  ['2____', 0, 2, 'FFFR_', 'keep_firing_for: strict less than'],
  ['2_2__2', 0, 2, 'FFFFFF', 'a hit resets keep_firing_for'],
  ['2_', 2, 5, 'P_', 'keep_firing_for does not keep a pending alert'],
  ['NNN', 2, 0, 'PPF', 'NaN is a value: it holds the condition'],
  ['000', 2, 0, 'PPF', 'so is 0: the expression has filtered already'],
] as const)('%s, for %im, keep %im → %s (%s)', ([samples, forMinutes, keepMinutes, states]) => {
  expect(run(samples, { forMs: forMinutes * MINUTE, keepFiringForMs: keepMinutes * MINUTE })).toBe(states);
});

it('says why it changed', () => {
  const sample = { labels: {}, timeMs: 0, value: 2 };
  const first = step({ ...rule, forMs: 0 }, new Map(), [sample], 0);
  expect(first).toMatchObject({
    transitions: [{ reason: 'condition-met' }, { to: 'firing', reason: 'for-elapsed' }],
  });
  if (first.status !== 'ok') throw new Error('not ok');
  const second = step({ ...rule, forMs: MINUTE }, first.instances, [sample], 1);
  expect(second).toMatchObject({ transitions: [{ to: 'pending', reason: 'for-raised' }] });
  const third = step(rule, first.instances, [], 1);
  expect(third).toMatchObject({ transitions: [{ to: 'resolved', reason: 'condition-cleared' }] });
});

it('is an error of the rule when two alerts get one label set', () => {
  const vector = ['a', 'b'].map((pod) => ({ labels: { pod }, timeMs: 0, value: 1 }));
  expect(step({ ...rule, labels: { pod: 'same' } }, new Map(), vector, 0)).toMatchObject({
    status: 'duplicate-labelset',
  });
});

it('refuses new alerts beyond the limit and keeps those that are there', () => {
  const samples = ['a', 'b', 'c'].map((pod) => ({ labels: { pod }, timeMs: 0, value: 1 }));
  const first = step(rule, new Map(), samples.slice(0, 2), 0);
  if (first.status !== 'ok') throw new Error('not ok');
  const second = step(rule, first.instances, samples.toReversed(), 1, { maxInstances: 2 });
  expect(second).toMatchObject({ refused: 1 });
  const kept = new Set(second.status === 'ok' ? second.instances.keys() : []);
  expect(kept).toEqual(new Set(first.instances.keys()));
  // A limit below what is there refuses nobody who is there.
  expect(step(rule, first.instances, samples.slice(0, 2), 1, { maxInstances: 1 })).toMatchObject({
    refused: 0,
  });
});

it('never fires before `for` has elapsed since the condition began to hold', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('2', '_', 'N'), { maxLength: 30 }),
      fc.nat(5),
      (samples, forMinutes) => {
        const states = run(samples.join(''), { forMs: forMinutes * MINUTE });
        for (const [minute, state] of Array.from(states).entries()) {
          if (state !== 'F') continue;
          expect(samples.slice(Math.max(0, minute - forMinutes), minute + 1)).not.toContain('_');
        }
      },
    ),
  );
});

it('a template sees the name of the metric, as in Prometheus; the alert does not have it', () => {
  const labels = { __name__: 'up', instance: 'a' };
  const annotations = { summary: '{{ $labels.__name__ }} of {{ $labels.instance }}' };
  const result = step({ ...rule, annotations }, new Map(), [{ labels, timeMs: 0, value: 0 }], 0);
  const [alert] = result.status === 'ok' ? result.instances.values() : [];
  expect(alert).toMatchObject({
    annotations: { summary: 'up of a' },
    labels: { instance: 'a', alertname: 'A' },
  });
  expect(alert?.labels).not.toHaveProperty('__name__');
});
