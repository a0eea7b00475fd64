import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { manualClock } from '@tidewatch/core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAlerting, type Channel, type Lease } from '../../src/index.ts';
import { collector } from '../../src/testing/index.ts';
import { crash, HOUR, MINUTE, newFolder, queryOf, rig, rulesWith, scripted, START, toldIn } from './rig.ts';

it('R19 a store that fails is told of, and the messages go on', async () => {
  const folder = await newFolder();
  const { world, after, told, alerting } = await rig({ store: { dir: folder } });
  world.firing.set('a', 1);
  await after(0);
  expect(told()).toEqual(['a firing']);
  await expect(rig({ store: { dir: folder } })).rejects.toThrow('has it open');
  const { resourceMetrics } = await alerting.metricProducer.collect();
  const bytes = resourceMetrics.scopeMetrics[0]?.metrics.find(
    ({ descriptor }) => descriptor.name === 'alerts_store_bytes',
  );
  expect(bytes?.dataPoints[0]?.value).toBeGreaterThan(100);
});

/** A lease of three replicas in one process: each can be cut off from it. */
function sharedLease(now: () => number, ttlMs: number) {
  let holder: { name: string; untilMs: number } | undefined;
  let takeovers = 0;
  const cutOff = new Set<string>();
  return {
    cutOff,
    takeovers: () => takeovers,
    of: (name: string): Lease => ({
      renewMs: ttlMs / 3,
      async hold() {
        if (cutOff.has(name)) throw new Error('the lease cannot be reached');
        if (holder !== undefined && holder.name !== name && now() < holder.untilMs) return false;
        if (holder?.name !== name) takeovers++;
        holder = { name, untilMs: now() + ttlMs };
        return true;
      },
    }),
  };
}

it('R20 of three replicas one tells; splits cost repetitions, at most one for each that thinks it leads, and never silence', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ replica: fc.nat(2), minute: fc.integer({ min: 5, max: 55 }) }), { maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
      async (splits, firings) => {
        const clock = manualClock(START);
        const lease = sharedLease(() => clock.now(), 30_000);
        const world = { firing: new Map<string, number>(), quiet: new Map<string, number>() };
        const channel = collector();
        const replicas = await Promise.all(
          ['x', 'y', 'z'].map((name) =>
            createAlerting({
              rules: rulesWith(),
              query: queryOf(world),
              clock,
              route: { receiver: 'team', groupBy: ['pod'], groupWaitMs: 0, groupIntervalMs: MINUTE },
              receivers: { team: [channel] },
              lease: lease.of(name),
              random: () => 0.5,
            }),
          ),
        );
        for (const replica of replicas) replica.start();
        for (let minute = 0; minute < 60; minute++) {
          lease.cutOff.clear();
          for (const split of splits)
            if (minute >= split.minute && minute < split.minute + 5)
              lease.cutOff.add('xyz'.charAt(split.replica));
          for (const [index, at] of firings.entries()) if (at === minute) world.firing.set(`p${index}`, 1);
          await clock.advance(MINUTE);
        }
        for (const replica of replicas) await replica.close();
        for (const index of firings.keys()) {
          const count = channel.notifications
            .flatMap(toldIn)
            .filter((one) => one === `p${index} firing`).length;
          expect(count).toBeGreaterThanOrEqual(1);
          expect(count).toBeLessThanOrEqual(lease.takeovers() + splits.length);
        }
        if (splits.length === 0) expect(channel.notifications).toHaveLength(firings.length);
      },
    ),
    { numRuns: 8 },
  );
});

it('R20 when no replica reaches the lease, all of them tell rather than none', async () => {
  const clock = manualClock(START);
  const lease = sharedLease(() => clock.now(), 30_000);
  for (const name of 'xyz') lease.cutOff.add(name);
  const { world, alerting, told } = await rig({ clock, lease: lease.of('x') });
  alerting.start();
  world.firing.set('a', 1);
  await clock.advance(2 * MINUTE);
  expect(told()).toEqual(['a firing']);
});

it('R26 half a day without a channel: what waits stays bounded, and all of it arrives afterwards', async () => {
  const clock = manualClock(START);
  let isDown = true;
  const channel = scripted('robot', clock, () =>
    isDown ? { status: 'retryable', detail: 'HTTP 503' } : { status: 'sent' },
  );
  const { world, after, alerting } = await rig({
    clock,
    receivers: { team: [channel] },
    metaAlerts: 'off',
  });
  for (let pod = 0; pod < 700; pod++) world.firing.set(`p${pod}/critical`, 1);
  let mostWaiting = 0;
  for (let hour = 0; hour < 12; hour++) {
    await after(HOUR);
    const { resourceMetrics } = await alerting.metricProducer.collect();
    const waiting = resourceMetrics.scopeMetrics[0]?.metrics.find(
      ({ descriptor }) => descriptor.name === 'alerts_outbox_waiting',
    );
    mostWaiting = Math.max(mostWaiting, Number(waiting?.dataPoints[0]?.value));
  }
  expect(mostWaiting).toBeLessThanOrEqual(500);
  isDown = false;
  const failed = channel.attempts.length;
  for (let minute = 0; minute < 10; minute++) await after(MINUTE);
  const told = new Set(channel.attempts.slice(failed).flatMap(({ notification }) => toldIn(notification)));
  expect(told.size).toBe(700);
  // Half a day of trying is a pause of five minutes at most, not a hot loop.
  expect(failed).toBeLessThan(200);
});

it('R26 keeps no process alive', async () => {
  const script = fileURLToPath(new URL('idle-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@tidewatch/source', script], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});

it('R26 closing drains until its time is over, and keeps the rest for the next process', async () => {
  const folder = await newFolder();
  const sent: string[] = [];
  const slow: Channel = {
    name: 'collector',
    async send(notification, signal) {
      if (sent.length === 2) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      signal.throwIfAborted();
      sent.push(...toldIn(notification));
      return { status: 'sent' };
    },
  };
  const first = await rig({ store: { dir: folder }, receivers: { team: [slow] }, closeTimeoutMs: 50 });
  for (const pod of 'abcd') first.world.firing.set(pod, 1);
  first.alerting.start();
  await first.clock.advance(1000);
  await first.alerting.close();
  expect(sent).toEqual(['a firing', 'b firing']);
  const second = await rig({ clock: first.clock, world: first.world, store: { dir: folder } });
  await second.after(MINUTE);
  expect(second.told()).toEqual(['c firing', 'd firing']);
  expect(second.channel.notifications.map(({ possiblyRepeated }) => possiblyRepeated)).toEqual([true, false]);
});

it('R27 alerts that flap for six hours: nothing grows, nothing is told twice', async () => {
  const folder = await newFolder();
  const { world, after, channel, alerting } = await rig({
    store: { dir: folder },
    route: { receiver: 'team', groupBy: ['pod'], groupWaitMs: 0, groupIntervalMs: 5 * MINUTE },
  });
  for (let round = 0; round < 72; round++) {
    for (let pod = 0; pod < 5; pod++) {
      if ((round + pod) % 4 < 2) world.firing.set(`p${pod}`, round);
      else world.firing.delete(`p${pod}`);
    }
    await after(5 * MINUTE);
  }
  const said = channel.notifications.flatMap(({ alerts }) =>
    alerts.map(({ fingerprint, status, startsAtMs }) => `${fingerprint} ${status} ${startsAtMs}`),
  );
  expect(said.length).toBeGreaterThan(150);
  expect(new Set(said).size).toBe(said.length);
  const { resourceMetrics } = await alerting.metricProducer.collect();
  const bytes = resourceMetrics.scopeMetrics[0]?.metrics.find(
    ({ descriptor }) => descriptor.name === 'alerts_store_bytes',
  );
  expect(bytes?.dataPoints[0]?.value).toBeLessThan(2_000_000);
});

it.for([
  ['nobody takes it on', undefined, ['a firing'], 'the second receiver is told'],
  ['it is acknowledged before', 'early', [], 'nobody else is told'],
  ['it is acknowledged, and the process is killed', 'crash', [], 'an acknowledgement outlives the process'],
  ['it recovers before', 'recovers', [], 'a recovery ends it'],
] as const)('R28 escalation when %s: %s, %j told, for %s', async ([, what, wanted]) => {
  const folder = await newFolder();
  const boss = collector({ name: 'boss' });
  const parts = {
    store: { dir: folder },
    escalations: [{ afterMs: 5 * MINUTE, receiver: 'boss', matchers: [] }],
    route: { receiver: 'team', groupBy: ['pod'], groupWaitMs: 0, groupIntervalMs: MINUTE },
  };
  const team = collector();
  const receivers = { team: [team], boss: [boss] };
  const first = await rig({ ...parts, receivers });
  const { world, clock } = first;
  let { after, alerting } = first;
  world.firing.set('a', 1);
  await after(0);
  const [alert] = alerting.alerts();
  await after(4 * MINUTE);
  expect(boss.notifications).toEqual([]);
  if (what === 'early' || what === 'crash') {
    expect(alerting.acknowledge(alert?.fingerprint ?? '', 'me')).toBe(true);
    expect(alerting.acknowledge(alert?.fingerprint ?? '', 'you')).toBe(false);
    expect(alerting.alerts()[0]?.acknowledgedBy).toBe('me');
  }
  if (what === 'recovers') world.firing.clear();
  if (what === 'crash') {
    await alerting.evaluate(clock.now());
    ({ after, alerting } = await rig({
      ...parts,
      clock,
      world,
      store: { dir: crash(folder) },
      receivers,
    }));
  }
  for (let minute = 0; minute < 3; minute++) await after(MINUTE);
  expect(boss.notifications.flatMap(toldIn)).toEqual(wanted);
  // Who was told of the fire is told of its end; one that is raised anew escalates anew.
  world.firing.clear();
  await after(MINUTE);
  expect(boss.notifications.flatMap(toldIn)).toEqual(wanted.flatMap((told) => [told, 'a resolved']));
});

it('R28 no escalation is lost over a crash before its time', async () => {
  const folder = await newFolder();
  const boss = collector({ name: 'boss' });
  const parts = {
    escalations: [{ afterMs: 5 * MINUTE, receiver: 'boss', matchers: [] }],
    receivers: { team: [collector()], boss: [boss] },
  };
  const first = await rig({ ...parts, store: { dir: folder } });
  first.world.firing.set('a', 1);
  await first.after(0);
  const second = await rig({
    ...parts,
    clock: first.clock,
    world: first.world,
    store: { dir: crash(folder) },
  });
  for (let minute = 0; minute < 7; minute++) await second.after(MINUTE);
  expect(boss.notifications.flatMap(toldIn)).toEqual(['a firing']);
});

it('a silence outlives the process', async () => {
  const folder = await newFolder();
  const first = await rig({ store: { dir: folder } });
  const { id } = first.alerting.silence(['pod=~"a|b"'], START + HOUR, 'known');
  await first.after(0);
  const second = await rig({ clock: first.clock, store: { dir: crash(folder) } });
  second.world.firing.set('a', 1).set('c', 1);
  await second.after(MINUTE);
  expect(second.told()).toEqual(['c firing']);
  expect(second.alerting.silence(['pod="z"'], START + HOUR, '').id).not.toBe(id);
  await second.after(HOUR);
  await second.after(5 * MINUTE);
  expect(second.told()).toEqual(['c firing', 'a firing']);
});

it('explains a firing alert as it stands: every stage, with its reason and when it changes by itself', async () => {
  const clock = manualClock(START);
  const limit = { count: 1, perMs: HOUR };
  const channel = scripted('robot', clock, () => ({ status: 'sent' }), limit);
  const { world, after, alerting } = await rig({
    clock,
    receivers: { team: [channel] },
    inhibitRules: [
      {
        sourceMatchers: [{ label: 'pod', operator: '=', value: 'c' }],
        targetMatchers: [{ label: 'pod', operator: '=', value: 'd' }],
        equal: [],
      },
    ],
  });
  world.firing.set('a', 1);
  await after(0);
  for (const pod of ['b', 'c', 'd', 'e']) world.firing.set(pod, 1);
  alerting.silence(['pod="e"'], START + HOUR, 'known');
  await after(MINUTE);
  const explain = (pod: string): string[] => {
    const alert = alerting.alerts().find(({ labels }) => labels['pod'] === pod);
    return alerting
      .explain(alert?.fingerprint ?? '')
      .map(({ stage, reason, atMs }) => `${stage}: ${reason} ${(atMs - START) / MINUTE}`);
  };
  expect(explain('a')).toEqual([
    'evaluate: for-elapsed 0',
    'route: matched 1',
    'group: waits-for-the-next-flush 2',
    'inhibit: not-inhibited 1',
    'silence: not-silenced 1',
    'dedup: nothing-new 1',
    'send: sent 0',
  ]);
  expect(explain('b')).toContain('dedup: first-notification 1');
  expect(explain('b')).toContain('limiter: limit 60');
  expect(explain('d')).toContain('inhibit: inhibited 1');
  expect(explain('e')).toContain('silence: silenced 1');
  expect(alerting.explain('no such alert')).toEqual([]);
});
