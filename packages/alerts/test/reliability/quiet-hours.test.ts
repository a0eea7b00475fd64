import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import { loadAlertmanagerConfig, receiversFromConfig } from '../../src/index.ts';
import { crash, HOUR, MINUTE, newFolder, rig, START } from './rig.ts';

/** Quiet in Shanghai from 21:00 to 23:00, which is from one to three hours after the start. */
const night = {
  name: 'night',
  intervals: [{ times: [{ startMinute: 21 * 60, endMinute: 23 * 60 }], location: 'Asia/Shanghai' }],
};
const route = {
  receiver: 'team',
  groupBy: ['pod'],
  groupWaitMs: 0,
  groupIntervalMs: MINUTE,
  routes: [{ matchers: ['pod=~".+"'], muteTimeIntervals: [night] }],
};

it.for([
  // fires, recovers, told then
  [30, 90, ['0:30 a firing', '3:00 a resolved'], 'its recovery falls into quiet hours'],
  [70, 90, ['3:00 a resolved'], 'all of it falls into quiet hours: one message says both'],
  [70, 400, ['3:00 a firing', '6:40 a resolved'], 'it still fires afterwards'],
  [200, 240, ['3:20 a firing', '4:00 a resolved'], 'outside of quiet hours'],
] as const)(
  'R25 fires after %i min, recovers after %i: told %j, because %s',
  async ([fires, recovers, wanted]) => {
    const { world, after, channel } = await rig({ route, metaAlerts: 'off' });
    const said: string[] = [];
    for (let minute = 0; minute <= 610; minute += 10) {
      if (minute === fires) world.firing.set('a', 1);
      if (minute === recovers) world.firing.delete('a');
      const before = channel.notifications.length;
      await after(minute === 0 ? 0 : 10 * MINUTE);
      const clock = `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
      for (const { alerts } of channel.notifications.slice(before))
        for (const { labels, status } of alerts) said.push(`${clock} ${labels['pod']} ${status}`);
    }
    expect(said).toEqual(wanted);
    const last = channel.notifications.at(-1)?.alerts[0];
    expect(last).toMatchObject({ startsAtMs: START + fires * MINUTE, endsAtMs: START + recovers * MINUTE });
  },
);

it('R25 what quiet hours keep back outlives the process', async () => {
  const folder = await newFolder();
  const first = await rig({ route, metaAlerts: 'off', store: { dir: folder } });
  await first.after(HOUR);
  first.world.firing.set('a', 1);
  await first.after(10 * MINUTE);
  first.world.firing.delete('a');
  await first.after(10 * MINUTE);
  expect(first.told()).toEqual([]);
  const { clock, world } = first;
  const second = await rig({ clock, world, route, metaAlerts: 'off', store: { dir: crash(folder) } });
  for (let round = 0; round < 12; round++) await second.after(10 * MINUTE);
  expect(second.told()).toEqual(['a resolved']);
});

const DAY = 24 * HOUR;

/** Quiet at night and at the weekend in Berlin; mails for office hours in New York. */
const config = loadAlertmanagerConfig(`route:
  receiver: team
  group_by: [pod]
  group_wait: 1s
  group_interval: 5m
  repeat_interval: 30d
  routes:
    - matchers: [severity = office]
      active_time_intervals: [office]
    - matchers: [pod =~ ".+"]
      mute_time_intervals: [night]
receivers: [{ name: team }]
time_intervals:
  - name: night
    time_intervals:
      - times: [{ start_time: '22:00', end_time: '24:00' }, { start_time: '00:00', end_time: '07:00' }]
        location: Europe/Berlin
  - name: office
    time_intervals:
      - times: [{ start_time: '09:00', end_time: '17:00' }]
        weekdays: ['monday:friday']
        location: America/New_York
`);

it.for([
  // fires, recovers, told
  [
    '2026-03-28T23:30Z',
    '',
    'a firing 2026-03-29T05:00',
    'the night is an hour shorter: seven is five in UTC',
  ],
  ['2026-10-24T21:30Z', '', 'a firing 2026-10-25T06:00', 'the night is an hour longer: seven is six in UTC'],
  [
    '2026-10-24T21:30Z',
    '2026-10-25T01:30Z',
    'a resolved 2026-10-25T06:00',
    'recovered in the hour that is there twice',
  ],
  ['2026-10-24T20:30Z', '', 'a firing 2026-10-25T06:00', 'half past ten in summer is quiet already'],
  ['2026-10-25T20:30Z', '', 'a firing 2026-10-25T20:30', 'half past nine in winter is not quiet yet'],
  [
    '2026-03-07T10:00Z',
    '',
    'a/office firing 2026-03-09T13:00',
    'on Monday at nine, which is summer time since Sunday',
  ],
  [
    '2026-10-30T22:00Z',
    '',
    'a/office firing 2026-11-02T14:00',
    'on Monday at nine, which is winter time since Sunday',
  ],
] as const)(
  'R25 over a change of the clocks: what fires at %s and recovers at %s is told as %s: %s',
  async ([fires, recovers, wanted]) => {
    const name = wanted.startsWith('a/office') ? 'a/office' : 'a';
    const firesMs = Date.parse(fires);
    const clock = manualClock(firesMs - HOUR);
    const { route, receivers } = receiversFromConfig(config);
    expect(receivers).toEqual({ team: [] });
    const { world, channel, alerting } = await rig({
      clock,
      route,
      metaAlerts: 'off',
      intervalMs: 5 * MINUTE,
    });
    alerting.start();
    await clock.advance(HOUR);
    world.firing.set(name, 1);
    const steps = (3 * DAY) / (5 * MINUTE);
    for (let step = 0; step < steps && channel.notifications.length === 0; step++) {
      if (recovers !== '' && clock.now() >= Date.parse(recovers)) world.firing.clear();
      await clock.advance(5 * MINUTE);
    }
    const [told] = channel.notifications;
    const atMs = told?.createdAtMs ?? 0;
    const said = `${name} ${told?.alerts[0]?.status} ${new Date(Math.floor(atMs / (6 * MINUTE)) * 6 * MINUTE).toISOString().slice(0, 16)}`;
    expect(said).toBe(wanted);
    expect(told?.alerts[0]?.startsAtMs).toBeGreaterThanOrEqual(firesMs);
  },
);
