import { manualClock } from '@tidewatch/core/testing';
import { expect, it, onTestFinished } from 'vitest';
import { dingtalk } from '../../src/channels/dingtalk.ts';
import { webhook, type Channel } from '../../src/index.ts';
import { collector, startDingtalkDouble } from '../../src/testing/index.ts';
import { crash, HOUR, MINUTE, newFolder, rig, scripted, START, toldIn } from './rig.ts';

it('R1 a recovery that waits for the interval of its group outlives the process', async () => {
  const folder = await newFolder();
  const route = { receiver: 'team', groupWaitMs: 0, groupIntervalMs: 10 * MINUTE };
  const first = await rig({ route, store: { dir: folder } });
  first.world.firing.set('a', 1);
  await first.after(0);
  first.world.firing.clear();
  await first.after(MINUTE);
  expect(first.told()).toEqual(['a firing']);
  const { clock, world } = first;
  const second = await rig({ clock, world, route, store: { dir: crash(folder) } });
  for (let minute = 0; minute < 10; minute++) await second.after(MINUTE);
  expect(second.told()).toEqual(['a resolved']);
});

it('R2 a process killed between the answer and its mark sends exactly once more, under the same key', async () => {
  const folder = await newFolder();
  let left = '';
  let key = '';
  const channel: Channel = {
    name: 'collector',
    async send({ id }) {
      [left, key] = [crash(folder), id];
      return { status: 'sent' };
    },
  };
  const first = await rig({ store: { dir: folder }, receivers: { team: [channel] } });
  first.world.firing.set('a', 1);
  await first.after(0);
  const second = await rig({ store: { dir: left }, world: first.world, at: START + 1000 });
  for (let minute = 0; minute < 10; minute++) await second.after(MINUTE);
  expect(second.channel.notifications).toMatchObject([{ id: key, possiblyRepeated: true }]);
});

it('R3 a storm of 500 alerts passes 20 a minute: none lost, none refused, critical ones within a minute', async () => {
  const clock = manualClock(START);
  const robot = await startDingtalkDouble({ secret: 'SEC1', clock });
  onTestFinished(() => robot.close());
  const { world, after } = await rig({
    clock,
    receivers: { team: [dingtalk({ webhookUrl: robot.url, secret: 'SEC1', clock })] },
  });
  const firedAt = new Map<string, number>();
  for (let second = 0; second < 180; second++) {
    await after(1000);
    if (second >= 60) continue;
    for (let index = 0; index < 500 / 60; index++) {
      const severity = firedAt.size % 20 === 0 ? 'critical' : 'warning';
      if (firedAt.size === 500) break;
      world.firing.set(`<p${firedAt.size}>/${severity}`, 1);
      firedAt.set(`<p${firedAt.size}>/${severity}`, clock.now() + 1000);
    }
  }
  const told = (name: string): number | undefined =>
    robot.received.find(({ text }) => text.includes(escaped(name.split('/')[0] ?? '')))?.atMs;
  const lost = [...firedAt.keys()].filter((name) => told(name) === undefined);
  const late = [...firedAt]
    .filter(([name]) => name.endsWith('critical'))
    .map(([name, atMs]) => (told(name) ?? Number.POSITIVE_INFINITY) - atMs)
    .toSorted((a, b) => b - a);
  console.log(`storm: ${robot.received.length} messages in 3 min, latest critical after ${late[0]} ms`);
  expect(lost).toEqual([]);
  expect(robot.refused).toEqual([]);
  expect(late[0]).toBeLessThanOrEqual(MINUTE);
  expect(robot.received.length).toBeLessThanOrEqual(45);
});

/** As the markdown of the channel writes it. */
function escaped(pod: string): string {
  return pod.replaceAll(/[<>]/g, '');
}

it('R4 the limiter remembers its window over a crash: no more than the limit in any minute', async () => {
  const folder = await newFolder();
  const clock = manualClock(START);
  const limit = { count: 5, perMs: MINUTE };
  const before = scripted('robot', clock, () => ({ status: 'sent' }), limit);
  const first = await rig({ clock, store: { dir: folder }, receivers: { team: [before] } });
  for (const pod of ['a', 'b', 'c']) first.world.firing.set(`${pod}/critical`, 1);
  await first.after(1000);
  for (const pod of ['d', 'e', 'f']) first.world.firing.set(`${pod}/critical`, 1);
  await first.after(1000);
  const after = scripted('robot', clock, () => ({ status: 'sent' }), limit);
  const second = await rig({
    clock,
    world: first.world,
    store: { dir: crash(folder) },
    receivers: { team: [after] },
  });
  for (const pod of ['g', 'h']) first.world.firing.set(`${pod}/critical`, 1);
  for (let second_ = 0; second_ < 90; second_++) await second.after(1000);
  const times = [...before.attempts, ...after.attempts].map(({ atMs }) => atMs);
  for (const atMs of times)
    expect(times.filter((one) => one > atMs - MINUTE && one <= atMs).length).toBeLessThanOrEqual(5);
  const told = [...before.attempts, ...after.attempts].flatMap(({ notification }) => toldIn(notification));
  expect(new Set(told)).toEqual(new Set('abcdefgh'.split('').map((pod) => `${pod} firing`)));
});

it.for([
  ['{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}', 'its code'],
  ['{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"1"}', 'a gate without a code'],
  ['{}', 'nothing at all'],
] as const)('R5 a robot whose quota another program has spent: %s (%s)', async ([body]) => {
  const clock = manualClock(START);
  let accepted = 0;
  let isSpent = true;
  const robot = dingtalk({
    webhookUrl: 'https://robot.example/robot/send?access_token=t',
    clock,
    fetch: async () => {
      if (isSpent) return new Response(body);
      accepted++;
      return new Response('{"errcode":0,"errmsg":"ok"}');
    },
  });
  const { world, alerting, after } = await rig({ clock, receivers: { team: [robot] } });
  world.firing.set('a', 1);
  for (let minute = 0; minute < 15; minute++) await after(MINUTE);
  expect(alerting.alerts().filter(({ deliveredTo }) => deliveredTo.length > 0)).toEqual([]);
  isSpent = false;
  for (let minute = 0; minute < 15; minute++) await after(MINUTE);
  expect(accepted).toBeGreaterThan(0);
  expect(alerting.alerts().find(({ labels }) => labels['pod'] === 'a')?.deliveredTo).toEqual(['dingtalk']);
});

const wordings = [
  ['keywords not in content, more: [https://ding-doc.dingtalk.com]', /keyword/i],
  ['description:关键词不匹配;solution:请联系群管理员;', /keyword/i],
  ['错误描述:关键词不匹配;解决方案:请联系群管理员;', /keyword/i],
  ['sign not match, more: [https://ding-doc.dingtalk.com]', /sign|secret/i],
  ['description:签名不匹配;solution:请检查签名;', /sign|secret/i],
  ['错误描述:签名不匹配;解决方案:请检查签名;', /sign|secret/i],
  ['ip 10.0.0.1 not in whitelist, more: [https://ding-doc.dingtalk.com]', /\bIP\b|address/],
  ['description:机器人发送IP不在白名单;solution:请检查;', /\bIP\b|address/],
  ['错误描述:ip不在白名单;解决方案:请检查;', /\bIP\b|address/],
] as const;

it.for(wordings)(
  'R6 310000 "%s" opens the breaker at once; the fallback tells it and names the cause',
  async ([errmsg, hint]) => {
    const clock = manualClock(START);
    let calls = 0;
    const robot = dingtalk({
      webhookUrl: 'https://robot.example/robot/send?access_token=t',
      clock,
      fetch: async () => {
        calls++;
        return new Response(JSON.stringify({ errcode: 310000, errmsg }));
      },
    });
    const fallback = collector({ name: 'fallback' });
    const { world, after } = await rig({ clock, receivers: { team: [robot] }, fallback: [fallback] });
    world.firing.set('a', 1);
    await after(0);
    for (let second = 0; second < 5; second++) await after(1000);
    expect(calls).toBe(1);
    expect(fallback.notifications.flatMap(toldIn)).toEqual(['a firing', 'AlertsChannelFailing firing']);
    expect(fallback.notifications[1]?.alerts[0]?.annotations['summary']).toMatch(hint);
    for (let minute = 0; minute < 60; minute++) await after(MINUTE);
    expect(fallback.notifications.flatMap(toldIn)).toEqual(['a firing', 'AlertsChannelFailing firing']);
  },
);

it('R6 five failures in a row open the breaker; one message probes, and its success closes it', async () => {
  const clock = manualClock(START);
  let isDown = true;
  const channel = scripted('mail', clock, () =>
    isDown ? { status: 'retryable', detail: 'HTTP 503' } : { status: 'sent' },
  );
  const fallback = collector({ name: 'fallback' });
  const { world, after, alerting } = await rig({
    clock,
    receivers: { team: [channel] },
    fallback: [fallback],
  });
  for (let pod = 0; pod < 10; pod++) world.firing.set(`p${pod}`, 1);
  await after(0);
  expect(channel.attempts).toHaveLength(5);
  expect(fallback.notifications.flatMap(toldIn).toSorted()).toEqual(
    Array.from({ length: 10 }, (_, pod) => `p${pod} firing`),
  );
  await after(HOUR / 2);
  expect(channel.attempts).toHaveLength(6);
  isDown = false;
  await after(HOUR / 2);
  await after(MINUTE);
  expect(alerting.alerts().find(({ name }) => name === 'AlertsChannelFailing')).toMatchObject({
    state: 'resolved',
  });
  const told = channel.attempts.slice(6).flatMap(({ notification }) => toldIn(notification));
  expect(told).toEqual(expect.arrayContaining(['p0 firing', 'p9 firing']));
});

it.for([
  ['120', 120_000, 120_000, 'seconds'],
  [new Date(START + 300_000).toUTCString(), 299_000, 300_000, 'a date'],
  [undefined, 1000, HOUR, 'missing'],
  ['1000000000', 1000, HOUR, 'absurd'],
  ['-5', 1000, HOUR, 'negative'],
  ['soon', 1000, HOUR, 'no number'],
] as const)('R7 429 with Retry-After %s waits %i to %i ms: %s', async ([header, least, most]) => {
  const clock = manualClock(START);
  const times: number[] = [];
  const channel = webhook({
    url: 'https://hook.example/',
    clock,
    fetch: async () => {
      times.push(clock.now());
      const headers = header === undefined ? {} : { 'retry-after': header };
      return times.length === 1 ? new Response('', { status: 429, headers }) : new Response('');
    },
  });
  const { world, after } = await rig({ clock, receivers: { team: [channel] } });
  world.firing.set('a', 1);
  await after(0);
  for (let step = 0; step < 370 && times.length < 2; step++) await after(10_000);
  expect(times).toHaveLength(2);
  const waited = (times[1] ?? 0) - (times[0] ?? 0);
  expect(waited).toBeGreaterThanOrEqual(least);
  expect(waited).toBeLessThanOrEqual(most + 10_000);
});

it('an alert that fired and recovered while its channel was down is told once, with both times, also over a crash', async () => {
  const folder = await newFolder();
  const clock = manualClock(START);
  const down = scripted('collector', clock, () => ({
    status: 'throttled',
    detail: '',
    untilMs: START + HOUR,
  }));
  const first = await rig({ clock, store: { dir: folder }, receivers: { team: [down] } });
  first.world.firing.set('a', 1);
  await first.after(0);
  first.world.firing.delete('a');
  await first.after(10 * MINUTE);
  const second = await rig({ clock, world: first.world, store: { dir: crash(folder) } });
  for (let minute = 0; minute < 70; minute++) await second.after(MINUTE);
  expect(second.channel.notifications).toMatchObject([
    { status: 'resolved', alerts: [{ startsAtMs: START, endsAtMs: START + 10 * MINUTE }] },
  ]);
});

it('a message that has waited says what holds when it is sent, and repetitions while it waits are that message', async () => {
  const clock = manualClock(START);
  let isDown = true;
  const channel = scripted('robot', clock, () =>
    isDown ? { status: 'retryable', detail: 'HTTP 503' } : { status: 'sent' },
  );
  const route = {
    receiver: 'team',
    groupBy: ['pod'],
    groupWaitMs: 0,
    groupIntervalMs: MINUTE,
    repeatIntervalMs: HOUR,
  };
  const { world, after } = await rig({ clock, route, receivers: { team: [channel] }, metaAlerts: 'off' });
  world.firing.set('a/warning', 1);
  await after(0);
  // A warning is given up after two hours: a repetition makes it new.
  for (let minute = 0; minute < 300; minute += 10) await after(10 * MINUTE);
  world.firing.set('a/warning', 7);
  isDown = false;
  const failed = channel.attempts.length;
  for (let minute = 0; minute < 10; minute++) await after(MINUTE);
  expect(channel.attempts.slice(failed).map(({ notification }) => notification.alerts)).toMatchObject([
    [{ value: 7, annotations: { summary: 'value 7' }, startsAtMs: START }],
  ]);
});

it('a fallback hears the repetitions of what its channel cannot deliver', async () => {
  const clock = manualClock(START);
  const down = scripted('robot', clock, () => ({ status: 'misconfigured', hint: 'no token' }));
  const fallback = collector({ name: 'fallback' });
  const route = {
    receiver: 'team',
    groupBy: ['pod'],
    groupWaitMs: 0,
    groupIntervalMs: MINUTE,
    repeatIntervalMs: HOUR,
  };
  const { world, after } = await rig({
    clock,
    route,
    receivers: { team: [down] },
    fallback: [fallback],
    metaAlerts: 'off',
  });
  world.firing.set('a', 1);
  for (let minute = 0; minute <= 130; minute++) await after(minute === 0 ? 0 : MINUTE);
  expect(fallback.notifications.flatMap(toldIn)).toEqual(['a firing', 'a firing', 'a firing']);
});
