import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { allSuspended } from './find-hardware.ts';

const gpu = (state?: string) => ({ vendor: '0x10de', class: '0x030000', state });

it.for([
  // PCI devices                                       asleep   why the row is here
  [[gpu('suspended')], true],
  [[gpu('active')], false],
  [[gpu('suspended'), gpu('active')], false], //                one is in use: NVML is open anyway
  [[gpu()], false], //                                          unknown is awake
  [[{ vendor: '0x10de', class: '0x040300', state: 'suspended' }], false], // the sound of an HDMI port
  [[{ vendor: '0x8086', class: '0x030000', state: 'suspended' }, gpu('suspended')], true],
  [[], false],
] as const)('%j', async ([devices, expected]) => {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-pci-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [i, { vendor, class: kind, state }] of devices.entries()) {
    await mkdir(join(folder, `0000:0${i}:00.0`, 'power'), { recursive: true });
    await writeFile(join(folder, `0000:0${i}:00.0`, 'vendor'), `${vendor}\n`);
    await writeFile(join(folder, `0000:0${i}:00.0`, 'class'), `${kind}\n`);
    if (state !== undefined) {
      await writeFile(join(folder, `0000:0${i}:00.0`, 'power/runtime_status'), `${state}\n`);
    }
  }
  expect(await allSuspended(folder)).toBe(expected);
});

it('knows of none where there is no such folder', async () => {
  expect(await allSuspended('/nowhere')).toBe(false);
});
