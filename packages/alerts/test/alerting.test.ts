import { inspect } from 'node:util';
import type { Logger, Vector } from '@tidewatch/core';
import { manualClock, type ManualClock } from '@tidewatch/core/testing';
import { expect, it, onTestFinished } from 'vitest';
import { alertsMetrics, createAlerting, loadRules, type AlertingOptions } from '../src/index.ts';
import { dingtalk } from '../src/channels/dingtalk.ts';
import { collector, startDingtalkDouble } from '../src/testing/index.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 23, 12);

const rules = loadRules(`groups:
  - name: classification
    interval: 1m
    rules:
      - alert: 分类准确率下降
        expr: avg_over_time(classification_accuracy[5m]) < 0.85
        for: 10m
        labels: { severity: critical }
        annotations: { summary: "平均准确率 {{ $value }}" }
`);

/** An accuracy that the test moves; `undefined` is a query that fails. */
function world(clock: ManualClock) {
  const state: { accuracy: number | undefined } = { accuracy: 0.95 };
  const query = async (expr: string, atMs: number): Promise<Vector> => {
    if (state.accuracy === undefined) throw new Error('the engine is down');
    const sample = { labels: { model: 'digits' }, timeMs: atMs, value: state.accuracy };
    return expr.endsWith('0.85') && state.accuracy >= 0.85 ? [] : [sample];
  };
  return { state, query, clock };
}

async function alertingOver(parts: Partial<AlertingOptions> & Pick<AlertingOptions, 'query' | 'clock'>) {
  const channel = collector();
  const alerting = await createAlerting({
    rules,
    route: { receiver: 'team', groupWaitMs: 0, groupIntervalMs: MINUTE },
    receivers: { team: [channel] },
    locale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    random: () => 0.5,
    ...parts,
  });
  onTestFinished(() => alerting.close());
  return { alerting, channel };
}

it('goes from pending to firing to resolved, tells each, and carries the present value', async () => {
  const { state, query, clock } = world(manualClock(START));
  const series: number[] = [];
  const { alerting, channel } = await alertingOver({
    query,
    clock,
    onSeries: (samples) => series.push(samples.length),
  });
  alerting.start();
  state.accuracy = 0.8;
  await clock.advance(9 * MINUTE);
  expect(alerting.alerts()).toMatchObject([{ state: 'pending', deliveredTo: [] }]);
  await clock.advance(3 * MINUTE);
  expect(alerting.alerts()).toMatchObject([
    { name: '分类准确率下降', state: 'firing', deliveredTo: ['collector'] },
  ]);
  expect(series.at(-1)).toBe(2);
  state.accuracy = 0.95;
  await clock.advance(2 * MINUTE);
  expect(alerting.alerts()).toMatchObject([{ state: 'resolved', value: 0.95, firingValue: 0.8 }]);
  expect(channel.notifications.map(({ status, reason }) => [status, reason])).toEqual([
    ['firing', 'first-notification'],
    ['resolved', 'all-alerts-resolved'],
  ]);
  expect(channel.notifications[1]?.alerts[0]?.annotations).toEqual({ summary: '平均准确率 0.95' });
  const [alert] = alerting.alerts();
  expect(
    alerting.explain(alert?.fingerprint ?? '').map(({ stage, reason }) => `${stage}: ${reason}`),
  ).toEqual(['evaluate: condition-cleared', 'route: matched', 'dedup: all-alerts-resolved', 'send: sent']);
});

it('resolves nothing while it cannot evaluate', async () => {
  const { state, query, clock } = world(manualClock(START));
  const { alerting, channel } = await alertingOver({ query, clock });
  alerting.start();
  state.accuracy = 0.8;
  await clock.advance(15 * MINUTE);
  state.accuracy = undefined;
  await clock.advance(60 * MINUTE);
  expect(alerting.alerts()).toMatchObject([
    { state: 'firing', name: '分类准确率下降' },
    { state: 'firing', name: 'AlertsEvaluationFailing' },
  ]);
  expect(channel.notifications.map(({ status }) => status)).toEqual(['firing', 'firing']);
  expect(alerting.rules().groups[0]?.rules[0]).toMatchObject({
    health: 'err',
    lastError: 'the engine is down',
  });
});

it('repeats at its own time, and a silence does not eat the recovery', async () => {
  const { state, query, clock } = world(manualClock(START));
  const route = {
    receiver: 'team',
    groupWaitMs: 0,
    groupIntervalMs: 5 * MINUTE,
    repeatIntervalMs: 7 * MINUTE,
  };
  const { alerting, channel } = await alertingOver({ query, clock, route });
  alerting.start();
  state.accuracy = 0.8;
  await clock.advance(10 * MINUTE);
  await clock.advance(8 * MINUTE);
  expect(channel.notifications.map(({ createdAtMs }) => (createdAtMs - START) / MINUTE)).toEqual([10, 17]);
  alerting.silence(['severity="critical"'], clock.now() + 60 * MINUTE, 'known');
  await clock.advance(20 * MINUTE);
  expect(channel.notifications).toHaveLength(2);
  state.accuracy = 0.95;
  await clock.advance(20 * MINUTE);
  expect(channel.notifications.at(-1)).toMatchObject({ status: 'resolved' });
});

it('tries again after failures, and says that the message may be a repetition', async () => {
  const { state, query, clock } = world(manualClock(START));
  const flaky = collector({
    answer: (_, attempt) =>
      attempt === 1
        ? { status: 'retryable', detail: 'HTTP 503' }
        : attempt === 2
          ? { status: 'ambiguous', detail: 'reset' }
          : undefined,
  });
  const { alerting } = await alertingOver({ query, clock, receivers: { team: [flaky] } });
  alerting.start();
  state.accuracy = 0.8;
  await clock.advance(11 * MINUTE);
  expect(flaky.notifications).toMatchObject([{ possiblyRepeated: true }]);
});

it('makes one message of an alert that fired and recovered while its channel was down', async () => {
  const { state, query, clock } = world(manualClock(START));
  let isDown = true;
  const channel = collector({
    answer: () => (isDown ? { status: 'throttled', detail: '', untilMs: START + 60 * MINUTE } : undefined),
  });
  const { alerting } = await alertingOver({ query, clock, receivers: { team: [channel] } });
  alerting.start();
  state.accuracy = 0.8;
  await clock.advance(15 * MINUTE);
  state.accuracy = 0.95;
  await clock.advance(5 * MINUTE);
  isDown = false;
  await clock.advance(60 * MINUTE);
  expect(channel.notifications).toHaveLength(1);
  expect(channel.notifications[0]).toMatchObject({ status: 'resolved', alerts: [{ status: 'resolved' }] });
});

it('brings a storm of 500 alerts through a robot that takes 20 a minute: none refused, none left out', async () => {
  const clock = manualClock(START);
  await clock.advance(0);
  const robot = await startDingtalkDouble({ secret: 'SEC1', clock });
  onTestFinished(() => robot.close());
  const storm = loadRules(`groups:
  - name: storm
    rules:
      - alert: Storm
        expr: storm
`);
  let count = 0;
  const query = async (_: string, timeMs: number): Promise<Vector> =>
    Array.from({ length: count }, (_, index) => ({ labels: { pod: `pod-${index}-` }, timeMs, value: 1 }));
  const { alerting } = await alertingOver({
    rules: storm,
    query,
    clock,
    route: { receiver: 'team', groupBy: ['...'], groupWaitMs: 0 },
    receivers: { team: [dingtalk({ webhookUrl: robot.url, secret: 'SEC1', clock })] },
  });
  for (let second = 0; second < 60; second++) {
    count = Math.min(500, count + 10);
    await alerting.evaluate(clock.now());
    await clock.advance(1000);
  }
  for (let minute = 0; minute < 10; minute++) {
    await clock.advance(MINUTE);
    await alerting.evaluate(clock.now());
  }
  const texts = robot.received.map(({ text }) => text).join('\n');
  const told = Array.from({ length: 500 }, (_, index) => texts.includes(`pod-${index}-`)).filter(Boolean);
  console.log(`storm: 500 alerts in ${robot.received.length} messages, ${robot.refused.length} refused`);
  expect(robot.refused).toEqual([]);
  expect(told).toHaveLength(500);
});

it('lets no secret into logs, metrics, errors or explanations, whatever goes wrong', async () => {
  const { state, query, clock } = world(manualClock(START));
  const said: unknown[] = [];
  const say = (fields: object, message: string): void => void said.push(fields, message);
  const logger: Logger = { debug: say, info: say, warn: say, error: say };
  const webhookUrl = 'https://robot.example/robot/send?access_token=canary-token';
  const faults: (() => Promise<Response>)[] = [
    async () => {
      throw new TypeError(`failed: ${webhookUrl}`, {
        cause: Object.assign(new Error(webhookUrl), { code: 'ECONNRESET' }),
      });
    },
    async () => new Response(`canary-token`, { status: 500 }),
    async () => new Response(JSON.stringify({ errcode: 310000, errmsg: 'sign canary-token not match' })),
  ];
  const channels = faults.map((fetch, index) =>
    dingtalk({ name: `robot-${index}`, webhookUrl, secret: 'canary-secret', fetch, clock }),
  );
  const { alerting } = await alertingOver({ query, clock, logger, receivers: { team: channels } });
  alerting.start();
  state.accuracy = 0.8;
  await clock.advance(20 * MINUTE);
  const [alert] = alerting.alerts();
  const metrics = await alerting.metricProducer.collect();
  const everything = inspect([said, alerting.explain(alert?.fingerprint ?? ''), metrics], {
    depth: 20,
    maxArrayLength: null,
  });
  expect(everything).toContain('robot-2');
  expect(everything).not.toMatch(/canary/);
});

it('exposes every metric of the table, and no other', async () => {
  const { query, clock } = world(manualClock(START));
  const { alerting } = await alertingOver({ query, clock });
  await alerting.evaluate(clock.now());
  const { resourceMetrics } = await alerting.metricProducer.collect();
  const names = resourceMetrics.scopeMetrics[0]?.metrics.map(({ descriptor }) => descriptor.name);
  expect(names).toEqual(alertsMetrics.map(({ name }) => name));
});

it.for([
  [
    { route: { receiver: 'teem' } },
    'createAlerting: route.receiver: there is no receiver "teem"; did you mean "team"?',
  ],
  [{ timeZone: 'Asia/Atlantis' }, '"Asia/Atlantis" is not a time zone'],
  [{ intervalMs: 0 }, 'intervalMs: expected milliseconds from 1, got 0'],
  [{ rules: 'no-such-file.yml' }, 'cannot read "no-such-file.yml"'],
] as const)('%j is refused with what to do', async ([parts, message]) => {
  const { query, clock } = world(manualClock(START));
  await expect(alertingOver({ query, clock, ...parts })).rejects.toThrow(message);
});

it('closes twice, and does not wait for a channel that hangs', async () => {
  const { state, query, clock } = world(manualClock(START));
  const hanging = { name: 'hanging', send: () => new Promise<never>(() => {}) };
  const { alerting } = await alertingOver({
    query,
    clock,
    receivers: { team: [hanging] },
    closeTimeoutMs: 20,
  });
  alerting.start();
  state.accuracy = 0.8;
  await clock.advance(11 * MINUTE);
  await alerting.close();
  await expect(alerting.close()).resolves.toBeUndefined();
});
