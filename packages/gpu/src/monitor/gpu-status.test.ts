import { expect, it } from 'vitest';
import { silentDevice } from '../device/gpu-device.ts';
import type { GpuReadings } from '../device/gpu-source.ts';
import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import { reasonOf, stateOf } from './gpu-status.ts';

const well = fakeDevice({ index: 0, utilization: 0.5 });
const lost = silentDevice({ index: 1, uuid: 'GPU-1', name: 'Fake' }, { ok: false, why: 'lost', code: 15 });
const denied = silentDevice(
  { index: 2, uuid: 'GPU-2', name: 'Fake' },
  { ok: false, why: 'denied', code: 17 },
);

const round = (devices: GpuReadings['devices'], ...unidentified: ('lost' | 'denied')[]): GpuReadings => ({
  ok: true,
  devices,
  unidentified: unidentified.map((why, index) => ({ index, why })),
});

it.for([
  ['all well', round([well]), undefined, 'ok'],
  ['no GPU counted', round([]), 'no-devices', 'none'],
  ['one of two lost', round([well, lost]), 'devices-lost', 'degraded'],
  ['every one lost', round([lost]), 'devices-lost', 'degraded'],
  ['lost before it told its name', round([well], 'lost'), 'devices-lost', 'degraded'],
  ['one belongs to another container', round([well, denied]), 'devices-denied', 'degraded'],
  ['not allowed at all', round([denied], 'denied'), 'no-permission', 'blocked'],
  ['lost beats denied', round([denied, lost]), 'devices-lost', 'degraded'],
  ['nothing there', { ok: false, reason: 'no-gpu' }, 'no-gpu', 'none'],
  ['an upgraded driver', { ok: false, reason: 'driver-mismatch' }, 'driver-mismatch', 'mismatch'],
  ['a hanging driver', { ok: false, reason: 'helper-stuck' }, 'helper-stuck', 'stuck'],
] as const)('%s', ([, report, reason, state]) => {
  expect(reasonOf(report)).toBe(reason);
  expect(stateOf(reason)).toBe(state);
});

it('counts a GPU as well while at least one reading is there', () => {
  expect(reasonOf(round([fakeDevice({ temperatureCelsius: 40 })]))).toBeUndefined(); // MIG: no utilisation
});
