import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  crash,
  HOUR,
  machineClock,
  MINUTE,
  newFolder,
  rig,
  rulesWith,
  scripted,
  START,
  toldIn,
} from './rig.ts';

it('R15 an hour without an evaluation resolves nothing, and is told once; then all goes on', async () => {
  const { world, after, told, alerting, channel } = await rig();
  world.firing.set('a', 1);
  await after(0);
  world.failure = 'the engine is down';
  for (let minute = 0; minute < 60; minute++) await after(MINUTE);
  expect(told()).toEqual(['a firing', 'AlertsEvaluationFailing firing']);
  expect(channel.notifications[1]?.alerts[0]?.annotations['summary']).toContain('Broken');
  delete world.failure;
  for (let minute = 0; minute < 5; minute++) await after(MINUTE);
  expect(told().slice(2)).toEqual(['AlertsEvaluationFailing resolved']);
  expect(alerting.alerts()[0]).toMatchObject({ state: 'firing', firedAtMs: START });
});

it('R15 a process that comes back while nothing can be evaluated does not say that all is well', async () => {
  const folder = await newFolder();
  const first = await rig({ store: { dir: folder } });
  first.world.failure = 'the engine is down';
  for (let minute = 0; minute < 5; minute++) await first.after(MINUTE);
  expect(first.told()).toEqual(['AlertsEvaluationFailing firing']);
  const { world, clock } = first;
  const second = await rig({ clock, world, store: { dir: crash(folder) } });
  for (let minute = 0; minute < 5; minute++) await second.after(MINUTE);
  expect(second.told()).toEqual([]);
  delete world.failure;
  await second.after(MINUTE);
  expect(second.told()).toEqual(['AlertsEvaluationFailing resolved']);
});

it.for([
  [5 * MINUTE, true, []],
  [5 * MINUTE, false, ['a resolved']],
  [2 * HOUR, true, []],
  [2 * HOUR, false, ['a resolved']],
] as const)(
  'R16 down for %i ms while the condition persists: %s, then told: %j',
  async ([downMs, persists, wanted]) => {
    const folder = await newFolder();
    const first = await rig({ store: { dir: folder }, rules: rulesWith('for: 5m') });
    first.world.firing.set('a', 1);
    for (let minute = 0; minute < 7; minute++) await first.after(MINUTE);
    expect(first.told()).toEqual(['a firing']);
    const left = crash(folder);
    await first.clock.advance(downMs);
    if (!persists) {
      first.world.firing.clear();
      first.world.quiet.set('a', 0);
    }
    const { clock, world } = first;
    const second = await rig({ clock, world, store: { dir: left }, rules: rulesWith('for: 5m') });
    for (let minute = 0; minute < 5; minute++) await second.after(MINUTE);
    expect(second.told()).toEqual(wanted);
    const [alert] = second.alerting.alerts();
    expect(alert?.firedAtMs).toBe(START + 6 * MINUTE);
    if (!persists)
      expect(alert).toMatchObject({ state: 'resolved', resolvedReason: 'resolved-while-down', value: 0 });
  },
);

it.for([
  [MINUTE, 7, 'killed and started again: `for` goes on'],
  [21 * MINUTE, 7, 'what nobody looked at does not count towards `for`'],
  [2 * HOUR, 11, 'after more than an hour it starts over'],
] as const)(
  'R16 a pending alert away for %i ms has been evaluated %i minutes when it fires: %s',
  async ([downMs, minutes]) => {
    const folder = await newFolder();
    const rules = rulesWith('for: 6m');
    const first = await rig({ store: { dir: folder }, rules, intervalMs: MINUTE });
    first.world.firing.set('a', 1);
    for (let minute = 0; minute < 4; minute++) await first.after(MINUTE);
    const { clock, world } = first;
    const left = crash(folder);
    await clock.advance(downMs - MINUTE);
    const second = await rig({ clock, world, rules, store: { dir: left }, intervalMs: MINUTE });
    let evaluated = 4;
    while (second.told().length === 0 && evaluated < 20) {
      await second.after(MINUTE);
      evaluated++;
    }
    expect(evaluated).toBe(minutes);
  },
);

it('R16 keep_firing_for goes on where the killed process was', async () => {
  const folder = await newFolder();
  const rules = rulesWith('keep_firing_for: 10m');
  const first = await rig({ store: { dir: folder }, rules });
  first.world.firing.set('a', 1);
  await first.after(0);
  first.world.firing.clear();
  for (let minute = 0; minute < 6; minute++) await first.after(MINUTE);
  const second = await rig({
    clock: first.clock,
    world: first.world,
    rules,
    store: { dir: crash(folder) },
  });
  for (let minute = 0; minute < 4; minute++) await second.after(MINUTE);
  expect(second.told()).toEqual([]);
  await second.after(MINUTE);
  expect(second.told()).toEqual(['a resolved']);
});

it.for([
  ['an hour ahead', HOUR],
  ['an hour back', -HOUR],
  ['half an hour of sleep', HOUR / 2],
] as const)(
  'R17 the clock is set %s: nothing fires twice, waits longer, or ends before it began',
  async ([, byMs]) => {
    const clock = machineClock(START);
    const route = {
      receiver: 'team',
      groupBy: ['pod'],
      groupWaitMs: 0,
      groupIntervalMs: MINUTE,
      repeatIntervalMs: 30 * MINUTE,
    };
    let isDown = true;
    const flaky = scripted('flaky', clock, () =>
      isDown ? { status: 'throttled', detail: '', untilMs: clock.now() + 5 * MINUTE } : { status: 'sent' },
    );
    const parts = { clock, route, rules: rulesWith('for: 4m') };
    const { alerting, world, channel } = await rig({ ...parts });
    const other = await rig({ ...parts, world, receivers: { team: [flaky] } });
    alerting.start();
    other.alerting.start();
    world.firing.set('a', 1);
    await clock.advance(2 * MINUTE + 30_000);
    clock.set(byMs);
    // It was pending for two and a half minutes: it is not for four now.
    await clock.advance(MINUTE);
    expect(channel.notifications.flatMap(toldIn)).toEqual([]);
    await clock.advance(2 * MINUTE);
    expect(channel.notifications.flatMap(toldIn)).toEqual(['a firing']);
    clock.set(byMs);
    isDown = false;
    await clock.advance(8 * MINUTE);
    // The pause of five minutes was five minutes.
    expect(
      flaky.attempts.filter(({ notification }) => toldIn(notification)[0] === 'a firing').length,
    ).toBeLessThanOrEqual(3);
    expect(other.alerting.alerts()[0]?.deliveredTo).toEqual(['flaky']);
    expect(channel.notifications.flatMap(toldIn)).toEqual(['a firing']);
    // The repetition comes half an hour after the first, whatever the clock says.
    await clock.advance(25 * MINUTE);
    expect(channel.notifications.flatMap(toldIn)).toEqual(['a firing', 'a firing']);
    clock.set(-2 * HOUR);
    world.firing.clear();
    await clock.advance(3 * MINUTE);
    const last = channel.notifications.at(-1)?.alerts[0];
    expect(last?.status).toBe('resolved');
    expect(last?.endsAtMs).toBeGreaterThanOrEqual(last?.startsAtMs ?? 0);
  },
);

it('R18 a broken file changes nothing, and a rule that is gone ends its alerts with the reason', async () => {
  const folder = await newFolder();
  const file = join(folder, 'rules.yml');
  const text = (second: string, labels = ''): string => `groups:
  - name: g
    rules:
      - { alert: Broken, expr: broken > 0 }
${second}      - { alert: Same, expr: broken > 0, labels: { kind: "same${labels}" } }
`;
  const gone = '      - { alert: Gone, expr: broken > 0 }\n';
  await writeFile(file, text(gone));
  const route = { receiver: 'team', groupBy: ['alertname'], groupWaitMs: 0, groupIntervalMs: MINUTE };
  const { world, after, channel, alerting } = await rig({ rules: file, route });
  const told = (): string[] =>
    channel.notifications.flatMap(({ alerts }) =>
      alerts.map(({ labels, status, resolvedReason = '' }) =>
        `${labels['alertname']} ${status} ${resolvedReason}`.trim(),
      ),
    );
  world.firing.set('a', 1);
  await after(0);
  expect(told().toSorted()).toEqual(['Broken firing', 'Gone firing', 'Same firing']);
  await writeFile(file, `${text(gone)}  - nonsense: 1\n`);
  await expect(alerting.reload()).rejects.toThrow('rules.yml');
  await after(MINUTE);
  expect(told()).toHaveLength(3);
  await writeFile(file, text('', ' no more'));
  await alerting.reload();
  await after(MINUTE);
  expect(told().slice(3).toSorted()).toEqual([
    'Gone resolved rule-removed',
    'Same firing',
    'Same resolved rule-changed',
  ]);
  expect(alerting.alerts().find(({ name }) => name === 'Broken')).toMatchObject({
    state: 'firing',
    firedAtMs: START,
  });
});

it('R18 a rule that was removed while the process was down ends its alerts too', async () => {
  const folder = await newFolder();
  const first = await rig({ store: { dir: folder } });
  first.world.firing.set('a', 1);
  await first.after(0);
  const other = rulesWith('', 'other > 0');
  const renamed = { ...other, groups: other.groups.map((group) => ({ ...group, name: 'other' })) };
  const { clock, channel } = await rig({
    clock: first.clock,
    store: { dir: crash(folder) },
    rules: renamed,
  }).then(async (second) => {
    await second.after(MINUTE);
    return second;
  });
  expect(channel.notifications.flatMap(({ alerts }) => alerts)).toMatchObject([
    { status: 'resolved', resolvedReason: 'rule-removed', endsAtMs: clock.now() - MINUTE },
  ]);
});

it.for([
  ['resolve', ['a firing', 'a resolved'], 'as Prometheus does'],
  ['keep', ['a firing'], 'it goes on'],
  ['alert', ['a firing', 'AlertsNoData firing'], 'it goes on, and a person is told'],
] as const)('no data is no recovery: %s tells %j (%s)', async ([noData, wanted]) => {
  const { world, after, told, alerting } = await rig({ noData });
  world.firing.set('a', 1);
  await after(0);
  world.firing.clear();
  for (let minute = 0; minute < 5; minute++) await after(MINUTE);
  expect(told()).toEqual(wanted);
  const alert = alerting.alerts().find(({ name }) => name === 'Broken');
  if (noData === 'resolve') expect(alert).toMatchObject({ state: 'resolved', resolvedReason: 'source-gone' });
  else expect(alert).toMatchObject({ state: 'firing', noDataSinceMs: START + MINUTE });
  world.quiet.set('a', 0);
  await after(MINUTE);
  await after(MINUTE);
  if (noData !== 'resolve')
    expect(alerting.alerts().find(({ name }) => name === 'Broken')).toMatchObject({
      state: 'resolved',
      resolvedReason: 'condition-cleared',
      value: 0,
    });
});
