import { expect, it } from 'vitest';
import { HOUR, MINUTE, rig, type Rig } from './reliability/rig.ts';
import type { AlertingOptions } from '../src/index.ts';

/** What is critical keeps the warnings of the same pod quiet. Alerts are named `pod/severity`. */
const ofThePod = [rule('critical', 'warning', ['pod'])];

function rule(source: string, target: string, equal: readonly string[]) {
  return {
    sourceMatchers: [{ label: 'severity', operator: '=~' as const, value: source }],
    targetMatchers: [{ label: 'severity', operator: '=~' as const, value: target }],
    equal,
  };
}

async function alertingWith(inhibitRules: NonNullable<AlertingOptions['inhibitRules']>, parts = {}) {
  const route = { receiver: 'team', groupBy: ['...'], groupWaitMs: 0, groupIntervalMs: MINUTE };
  const all = await rig({ inhibitRules, route, metaAlerts: 'off', ...parts });
  return { ...all, told: () => toldBy(all) };
}

function toldBy({ channel }: Rig): string[] {
  return channel.notifications.flatMap(({ alerts }) =>
    alerts.map(({ labels, status }) => `${labels['pod'] ?? ''}/${labels['severity']} ${status}`),
  );
}

it('keeps quiet what agrees in the labels, and tells it when the source has recovered', async () => {
  const { world, after, told } = await alertingWith(ofThePod);
  for (const name of ['a/critical', 'a/warning', 'b/warning']) world.firing.set(name, 1);
  for (let minute = 0; minute < 5; minute++) await after(MINUTE);
  expect(told().toSorted()).toEqual(['a/critical firing', 'b/warning firing']);
  world.firing.delete('a/critical');
  for (let minute = 0; minute < 3; minute++) await after(MINUTE);
  expect(told().slice(2).toSorted()).toEqual(['a/critical resolved', 'a/warning firing']);
});

it('tells the recovery of what was told before the source began to fire', async () => {
  const { world, after, told } = await alertingWith(ofThePod);
  world.firing.set('a/warning', 1);
  await after(0);
  world.firing.set('a/critical', 1);
  await after(MINUTE);
  world.firing.delete('a/warning');
  await after(MINUTE);
  expect(told()).toEqual(['a/warning firing', 'a/critical firing', 'a/warning resolved']);
});

it('never tells what fired and recovered while it was kept quiet', async () => {
  const { world, after, told } = await alertingWith(ofThePod);
  world.firing.set('a/critical', 1).set('a/warning', 1);
  await after(0);
  world.firing.delete('a/warning');
  await after(MINUTE);
  world.firing.delete('a/critical');
  await after(MINUTE);
  expect(told()).toEqual(['a/critical firing', 'a/critical resolved']);
});

it('a source of which nothing is known any more goes on keeping others quiet', async () => {
  const { world, after, told } = await alertingWith(ofThePod);
  world.firing.set('a/critical', 1).set('a/warning', 1);
  await after(0);
  world.failure = 'the engine is down';
  for (let minute = 0; minute < 30; minute++) await after(MINUTE);
  expect(told()).toEqual(['a/critical firing']);
});

it('a source that is silenced keeps others quiet all the same, as in Alertmanager', async () => {
  const { world, after, told, alerting, clock } = await alertingWith(ofThePod);
  alerting.silence(['severity="critical"'], clock.now() + HOUR, 'known');
  world.firing.set('a/critical', 1).set('a/warning', 1);
  for (let minute = 0; minute < 5; minute++) await after(MINUTE);
  expect(told()).toEqual([]);
});

it.for([
  [
    'both',
    'both',
    [],
    ['a/both', 'b/both'],
    ['a/both', 'b/both'],
    'source and target at once: not itself, nor its like',
  ],
  [
    'both|critical',
    'both',
    [],
    ['a/both', 'b/critical'],
    ['b/critical'],
    'but another source keeps it quiet',
  ],
  [
    'critical',
    'warning',
    ['nosuch'],
    ['a/critical', 'b/warning'],
    ['a/critical'],
    'a label that both lack is equal',
  ],
  ['critical', 'warning', [], ['a/critical', 'b/warning'], ['a/critical'], 'no label must agree'],
  [
    'critical',
    'warning',
    ['pod'],
    ['/critical', 'b/warning'],
    ['/critical', 'b/warning'],
    'a label that one lacks is not',
  ],
] as const)(
  '%s inhibits %s where %j agree: of %j %j are told (%s)',
  async ([source, target, equal, fire, wanted]) => {
    const { world, after, told } = await alertingWith([rule(source, target, equal)]);
    for (const name of fire) world.firing.set(name, 1);
    for (let minute = 0; minute < 3; minute++) await after(MINUTE);
    expect(told().toSorted()).toEqual(wanted.map((name) => `${name} firing`).toSorted());
  },
);
