import { createAlerting, loadRules, type Alerting } from '@tidewatch/alerts';
import { manualClock } from '@tidewatch/core/testing';
import { expect, it, onTestFinished } from 'vitest';
import { createAlertsApi } from './alerts-api.ts';

const START = Date.parse('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;

const rules = loadRules(`groups:
  - name: g
    rules:
      - { alert: Low, expr: low, labels: { severity: critical } }
      - { alert: Slow, expr: slow, for: 10m }
      - { alert: Broken, expr: broken }
`);

/** Alerting in which `low` is true of two models and `slow` of one, evaluated once. */
async function start() {
  const clock = manualClock(START);
  const told: string[] = [];
  const alerting: Alerting = await createAlerting({
    rules,
    metaAlerts: 'off',
    query: async (expr, timeMs) => {
      if (expr === 'broken') throw new Error('no such server');
      return (expr === 'low' ? ['a', 'b'] : ['a']).map((model) => ({
        labels: { model },
        timeMs,
        value: 0.5,
      }));
    },
    route: { receiver: 'team', groupWaitMs: 0, groupBy: ['model'], groupIntervalMs: 60_000 },
    receivers: {
      team: [
        {
          name: 'robot',
          send: async ({ alerts }) => {
            told.push(...alerts.map(({ labels }) => `${labels['alertname']} ${labels['model']}`));
            return { status: 'sent' };
          },
        },
      ],
    },
    clock,
  });
  onTestFinished(() => alerting.close());
  const handler = createAlertsApi({ alerting, clock });
  async function ask(path: string, method = 'GET', body?: unknown): Promise<{ status: number; body: any }> {
    const response = await handler(
      new Request(`http://localhost/api/v2/${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    );
    if (response === undefined) throw new Error(`${path} is not served`);
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
  return { alerting, clock, told, ask };
}

const silenceOfA = {
  matchers: [{ name: 'model', value: 'a', isRegex: false, isEqual: true }],
  startsAt: '2026-11-23T11:00:00Z',
  endsAt: '2026-11-23T13:00:00Z',
  createdBy: 'li',
  comment: 'known',
};

it('makes, shows, lists and ends a silence', async () => {
  const { ask, alerting, told } = await start();
  expect(await ask('silences', 'POST', silenceOfA)).toEqual({
    status: 200,
    body: { silenceID: 'silence-1' },
  });
  const shown = {
    id: 'silence-1',
    status: { state: 'active' },
    matchers: silenceOfA.matchers,
    startsAt: '2026-11-23T12:00:00.000Z', // not in the past
    endsAt: '2026-11-23T13:00:00.000Z',
    updatedAt: '2026-11-23T12:00:00.000Z',
    createdBy: 'li',
    comment: 'known',
  };
  expect((await ask('silence/silence-1')).body).toEqual(shown);
  expect((await ask('silences?filter=model%3D~"a|z"')).body).toEqual([shown]);
  expect((await ask('silences?filter=model%3D"b"')).body).toEqual([]);
  await alerting.evaluate(START);
  expect(told).toEqual(['Low b']);

  expect(await ask('silence/silence-1', 'DELETE')).toEqual({ status: 200, body: undefined });
  expect((await ask('silences')).body).toMatchObject([{ status: { state: 'expired' } }]);
  expect(await ask('silence/silence-1', 'DELETE')).toMatchObject({
    status: 404,
    body: 'there is no silence "silence-1" that has not ended',
  });
});

it('puts a new silence into the place of the one that it names', async () => {
  const { ask } = await start();
  await ask('silences', 'POST', silenceOfA);
  const longer = { ...silenceOfA, id: 'silence-1', endsAt: '2026-11-23T18:00:00Z' };
  expect((await ask('silences', 'POST', longer)).body).toEqual({ silenceID: 'silence-2' });
  expect((await ask('silences')).body.map((one: any) => `${one.id} ${one.status.state}`)).toEqual([
    'silence-1 expired',
    'silence-2 active',
  ]);
  expect((await ask('silences', 'POST', { ...longer, id: 'silence-9' })).status).toBe(404);
});

it.for([
  // what is wrong                                       what the answer says
  [{ matchers: [] }, 'matchers: expected a list'],
  [{ matchers: 'model=a' }, 'matchers: expected a list'],
  [{ matchers: [null] }, 'matchers[0].name: expected a label'],
  [{ matchers: [{ name: 'a-b', value: '' }] }, 'matchers[0].name: expected a label'],
  [{ matchers: [{ name: 'a', value: 1 }] }, 'matchers[0].value: expected a text'],
  [{ matchers: [{ name: 'a', value: '(', isRegex: true }] }, 'matchers[0].value: '],
  [{ matchers: [{ name: 'a', value: 'b', isRegex: 'yes' }] }, 'matchers[0]: expected isRegex'],
  [{ matchers: [{ name: 'a', value: '.*', isRegex: true }] }, 'at least one must not match the empty text'],
  [{ endsAt: '2026-11-23T11:30:00Z' }, 'endsAt: the end is not in the future'],
  [{ startsAt: '2026-11-23T14:00:00Z' }, 'endsAt: the end is not after the beginning'],
  [{ endsAt: undefined }, 'endsAt: expected a time'],
  [{ startsAt: 1 }, 'startsAt: expected a time'],
  [{ comment: 'x'.repeat(10_001) }, 'expected texts of at most 10000 characters'],
] as const)('refuses a silence with %j', async ([change, says]) => {
  const { ask, alerting } = await start();
  const { status, body } = await ask('silences', 'POST', { ...silenceOfA, ...change });
  expect([status, body]).toEqual([400, expect.stringContaining(says)]);
  expect(alerting.silences()).toEqual([]);
});

it.for([
  ['silences', 'PUT', {}, 405],
  ['silence/silence-1', 'POST', {}, 405],
  ['alerts', 'POST', [], 405], // alerts are raised by rules
  ['alerts?filter=nonsense', 'GET', undefined, 400],
] as const)('%s with %s is refused', async ([path, method, body, status]) => {
  expect((await (await start()).ask(path, method, body)).status).toBe(status);
});

it('takes no silence that the form of a page elsewhere could send', async () => {
  const { alerting, clock } = await start();
  const request = new Request('http://localhost/api/v2/silences', {
    method: 'POST',
    body: JSON.stringify(silenceOfA),
  });
  expect((await createAlertsApi({ alerting, clock })(request))?.status).toBe(415);
  expect(alerting.silences()).toEqual([]);
});

it('lists what fires as Alertmanager does, with who is told and what keeps it quiet', async () => {
  const { ask, alerting } = await start();
  alerting.silence(['model="a"'], START + HOUR, '');
  await alerting.evaluate(START);
  const { body } = await ask('alerts');
  expect(body).toMatchObject([
    {
      labels: { alertname: 'Low', model: 'a' },
      startsAt: '2026-11-23T12:00:00.000Z',
      receivers: [{ name: 'team' }],
      status: { state: 'suppressed', silencedBy: ['silence-1'], inhibitedBy: [] },
    },
    { labels: { alertname: 'Low', model: 'b' }, status: { state: 'active', silencedBy: [] } },
  ]);
  expect((await ask('alerts?silenced=false')).body).toEqual([body[1]]);
  expect((await ask('alerts?active=false')).body).toEqual([body[0]]);
  expect((await ask('alerts?filter=model%3D"b"')).body).toEqual([body[1]]);
});

it('explains one that fires and one that is pending', async () => {
  const { ask, alerting } = await start();
  await alerting.evaluate(START);
  const { alerts } = (await ask('alerts/explain?filter=model%3D"a"')).body;
  expect(alerts).toMatchObject([
    { name: 'Low', state: 'firing', value: '0.5', deliveredTo: ['robot'] },
    { name: 'Slow', state: 'pending' },
  ]);
  expect(alerts[0].steps.map(({ stage }: any) => stage)).toEqual(
    expect.arrayContaining(['evaluate', 'route', 'group', 'inhibit', 'silence', 'dedup', 'send']),
  );
  expect(alerts[1].steps).toEqual([
    {
      stage: 'evaluate',
      subject: 'Slow',
      reason: 'waits-for-its-time',
      at: '2026-11-23T12:10:00.000Z',
    },
  ]);
  const { fingerprint } = alerts[0];
  expect((await ask(`alerts/explain?fingerprint=${fingerprint}`)).body.alerts).toEqual([alerts[0]]);
});

it('says of an alert that is not there what is known of its rule', async () => {
  const { ask, alerting } = await start();
  await alerting.evaluate(START);
  expect((await ask('alerts/explain?filter=alertname%3D"Broken"')).body).toEqual({
    alerts: [],
    rules: [
      {
        name: 'Broken',
        state: 'inactive',
        query: 'broken',
        health: 'err',
        lastError: 'no such server',
        lastEvaluation: '2026-11-23T12:00:00.000Z',
      },
    ],
  });
});
