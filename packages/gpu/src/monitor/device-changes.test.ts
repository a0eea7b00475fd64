import { expect, it } from 'vitest';
import { silentDevice, type GpuDevice } from '../device/gpu-device.ts';
import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import { callRoll, emptyRoll } from './device-changes.ts';

const well = (uuid: string, index = 0): GpuDevice => fakeDevice({ uuid, index, utilization: 0 });
const lost = (uuid: string): GpuDevice =>
  silentDevice({ uuid, index: 0, name: 'Fake GPU' }, { ok: false, why: 'lost' });

it.for([
  [
    'a GPU falls silent and returns',
    [[well('a')], [lost('a')], [well('a')]],
    ['device-lost a', 'device-back a'],
  ],
  ['a GPU is pulled out', [[well('a'), well('b', 1)], [well('a')]], ['device-lost b']],
  ['a GPU stays lost', [[well('a')], [lost('a')], [lost('a')], []], ['device-lost a']],
  [
    'two GPUs swap their index',
    [
      [well('a', 0), well('b', 1)],
      [well('b', 0), well('a', 1)],
    ],
    [],
  ],
  ['a GPU was lost from the start', [[lost('a')], [well('a')]], []],
] as const)('%s', ([, rounds, expected]) => {
  let roll = emptyRoll;
  const events: string[] = [];
  for (const devices of rounds) {
    const called = callRoll(roll, devices);
    roll = called.roll;
    events.push(...called.changes.map(({ type, device }) => `${type} ${device.uuid}`));
  }
  expect(events).toEqual(expected);
});
