import { expect, it } from 'vitest';
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
