import type { Vector } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import { expect, it, onTestFinished } from 'vitest';
import { createAlerting, loadRules, type AlertingOptions, type Channel } from '../src/index.ts';
import { collector } from '../src/testing/index.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 23, 12);

const ruleFile = (extra = ''): string => `groups:
  - name: g${extra}
    rules:
      - alert: Broken
        expr: broken
`;

/** Alerting over one rule whose firing series are those in `firing`. */
async function alertingOver(parts: Partial<AlertingOptions> = {}) {
  const clock = manualClock(START);
  const channel = collector();
  const firing = new Set<string>();
  const query = async (_: string, timeMs: number): Promise<Vector> =>
    [...firing].map((pod) => ({ labels: { pod }, timeMs, value: 1 }));
  const alerting = await createAlerting({
    rules: loadRules(ruleFile()),
    query,
    clock,
    route: { receiver: 'team', groupWaitMs: 0, groupIntervalMs: MINUTE },
    receivers: { team: [channel] },
    random: () => 0.5,
    ...parts,
  });
  onTestFinished(() => alerting.close());
  const evaluateAfter = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    await alerting.evaluate(clock.now());
  };
  const told = (): string[][] =>
    channel.notifications.map(({ alerts }) =>
      alerts.map(({ labels, status }) => `${labels['pod']} ${status}`),
    );
  return { alerting, clock, firing, told, evaluateAfter };
}

it('tells the recovery of a silenced alert, though its group spoke of another one meanwhile', async () => {
  const { alerting, clock, firing, told, evaluateAfter } = await alertingOver();
  firing.add('a');
  await evaluateAfter(0);
  alerting.silence(['pod="a"'], clock.now() + 60 * MINUTE, 'known');
  firing.add('b');
  await evaluateAfter(MINUTE);
  firing.delete('a');
  await evaluateAfter(MINUTE);
  expect(told()).toEqual([['a firing'], ['b firing'], ['a resolved', 'b firing']]);
});

it('refuses a silence and a route whose matcher object is no regular expression', async () => {
  const { alerting } = await alertingOver();
  const broken = { label: 'pod', operator: '=~', value: '(' } as const;
  expect(() => alerting.silence([broken], START + MINUTE, '')).toThrow('pod=~"("');
  await expect(
    alertingOver({ route: { receiver: 'team', routes: [{ matchers: [broken] }] } }),
  ).rejects.toThrow('pod=~"("');
  await expect(
    alertingOver({ inhibitRules: [{ sourceMatchers: [broken], targetMatchers: [], equal: [] }] }),
  ).rejects.toThrow('pod=~"("');
});

it('tells the recovery though the store of the series fails at that very time', async () => {
  let isFull = false;
  const { firing, told, evaluateAfter } = await alertingOver({
    onSeries() {
      if (isFull) throw new Error('the store is full');
    },
  });
  firing.add('a');
  await evaluateAfter(0);
  firing.clear();
  isFull = true;
  await evaluateAfter(MINUTE);
  isFull = false;
  await evaluateAfter(MINUTE);
  expect(told()).toEqual([['a firing'], ['a resolved']]);
});

it('goes on evaluating and telling when the clock is set back by an hour', async () => {
  const timers = manualClock(START);
  let backMs = 0;
  const { alerting, firing, told } = await alertingOver({
    clock: { now: () => timers.now() - backMs, sleep: (ms, signal) => timers.sleep(ms, signal) },
  });
  alerting.start();
  firing.add('a');
  await timers.advance(MINUTE);
  backMs = 60 * MINUTE;
  firing.delete('a');
  await timers.advance(2 * MINUTE);
  expect(told()).toEqual([['a firing'], ['a resolved']]);
});

it('takes an interval of 0 for none, as Prometheus does, and does not spin', async () => {
  let queries = 0;
  const { alerting, clock } = await alertingOver({
    rules: loadRules(ruleFile('\n    interval: 0s')),
    query: async () => {
      queries++;
      return [];
    },
  });
  alerting.start();
  await clock.advance(MINUTE);
  expect(queries).toBe(5);
});

it.for([
  [{ queryTimeoutMs: Number.NaN }, 'queryTimeoutMs'],
  [{ closeTimeoutMs: -1 }, 'closeTimeoutMs'],
  [{ route: { receiver: 'team', groupIntervalMs: 0 } }, 'route.groupIntervalMs'],
  [
    { route: { receiver: 'team', routes: [{ repeatIntervalMs: Number.NaN }] } },
    'route.routes[0].repeatIntervalMs',
  ],
] as const)('%j is refused: it would spin or hang', async ([parts, path]) => {
  await expect(alertingOver(parts)).rejects.toThrow(path);
});

it('lets no group wait for another whose queries hang', async () => {
  const evaluated: string[] = [];
  const { alerting, clock } = await alertingOver({
    rules: [loadRules(ruleFile('-hanging').replace('expr: broken', 'expr: hang')), loadRules(ruleFile())],
    query: async (expr) => {
      evaluated.push(expr);
      return expr === 'hang' ? new Promise(() => {}) : [];
    },
    closeTimeoutMs: 10,
  });
  alerting.start();
  await clock.advance(1000);
  expect(evaluated).toEqual(['hang', 'broken']);
});

it('sends all that waits before it closes, not the first message of each channel only', async () => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const sent: string[] = [];
  const channel: Channel = {
    name: 'slow',
    async send({ groupLabels }) {
      await gate;
      sent.push(groupLabels['pod'] ?? '');
      return { status: 'sent' };
    },
  };
  const { alerting, firing, clock } = await alertingOver({
    route: { receiver: 'team', groupBy: ['pod'], groupWaitMs: 0, groupIntervalMs: MINUTE },
    receivers: { team: [channel] },
  });
  for (const pod of ['a', 'b', 'c']) firing.add(pod);
  alerting.start();
  await clock.advance(1000);
  const closing = alerting.close();
  open();
  await closing;
  expect(sent).toEqual(['a', 'b', 'c']);
});

it('measures the way to a message by its first delivery, not by its repetitions', async () => {
  const { alerting, firing, evaluateAfter, told } = await alertingOver({
    route: { receiver: 'team', groupWaitMs: 0, groupIntervalMs: MINUTE, repeatIntervalMs: MINUTE },
  });
  firing.add('a');
  await evaluateAfter(0);
  await evaluateAfter(MINUTE);
  expect(told()).toHaveLength(2);
  const { resourceMetrics } = await alerting.metricProducer.collect();
  const latency = resourceMetrics.scopeMetrics[0]?.metrics.find(
    ({ descriptor }) => descriptor.name === 'alerts_notification_latency_seconds',
  );
  expect(latency?.dataPoints[0]?.value).toMatchObject({ count: 1 });
});

it('finds the present values of 2000 recoveries at once without comparing each with each', async () => {
  const pods = Array.from({ length: 2000 }, (_, index) => `pod-${index}`);
  let isBroken = true;
  let reads = 0;
  const labelsOf = (pod: string): { pod: string } =>
    Object.defineProperty({ pod: '' }, 'pod', {
      enumerable: true,
      get() {
        reads++;
        return pod;
      },
    });
  const { evaluateAfter, told } = await alertingOver({
    rules: loadRules(ruleFile().replace('expr: broken', 'expr: up < 1')),
    query: async (expr, timeMs) =>
      expr === 'up' || isBroken ? pods.map((pod) => ({ labels: labelsOf(pod), timeMs, value: 2 })) : [],
  });
  await evaluateAfter(0);
  isBroken = false;
  reads = 0;
  await evaluateAfter(MINUTE);
  expect(
    told()
      .flat()
      .filter((one) => one.endsWith('resolved')),
  ).toHaveLength(2000);
  expect(reads).toBeLessThan(20 * pods.length);
});

it('changes no text of an alert by an evaluation that fails', async () => {
  let hasTwins = false;
  const { alerting, evaluateAfter } = await alertingOver({
    rules: loadRules(
      ruleFile().replace('expr: broken', 'expr: broken\n        annotations: { summary: "{{ $value }}" }'),
    ),
    query: async (_, timeMs) =>
      (hasTwins ? ['a', 'a'] : ['a']).map((pod) => ({ labels: { pod }, timeMs, value: hasTwins ? 2 : 1 })),
  });
  await evaluateAfter(0);
  const [before] = alerting.alerts();
  hasTwins = true;
  await evaluateAfter(MINUTE);
  expect(alerting.rules().groups[0]?.rules[0]?.health).toBe('err');
  expect(alerting.alerts()[0]).toEqual(before);
  hasTwins = false;
  await evaluateAfter(MINUTE);
  expect(before?.annotations).toEqual({ summary: '1' });
});
