import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readingNames } from '../device/gpu-device.ts';
import { parseSmiTable } from './smi-table.ts';

const MIB = 2 ** 20;

/** What the one GPU of a line reads: values, and causes where there is none. */
function readings(cells: string): Record<string, unknown> {
  const report = parseSmiTable(`0, GPU-1, NVIDIA X, 590.48.01, ${cells}\n`);
  const device = report.ok ? report.devices[0] : undefined;
  if (device === undefined) throw new Error('no device');
  return Object.fromEntries(
    readingNames.map((name) => [name, device[name].ok ? device[name].value : device[name].why]),
  );
}

it.for([
  // utilization.gpu, memory.used, memory.total, temperature.gpu, power.draw     why the row is here
  ['0, 0, 81559, 28, 69.53', [0, 0, 81559 * MIB, 28, 69.53]], //                 an idle H100: 0 is a value
  ['100, 32362, 143771, 61, 688.10', [1, 32362 * MIB, 143771 * MIB, 61, 688.1]], // an H200 under load
  ['[N/A], 1024, 81559, 44, 210.00', ['unsupported', 1024 * MIB, 81559 * MIB, 44, 210]], // MIG has no utilisation
  ['3, 512, 8192, 35, [Not Supported]', [0.03, 512 * MIB, 8192 * MIB, 35, 'unsupported']], // GeForce of 2014
  ['N/A, N/A, N/A, 40, 12.5', ['unsupported', 'unsupported', 'unsupported', 40, 12.5]], // unified memory
  ['[Unknown Error], 1, 2, ERR!, 3', ['error', MIB, 2 * MIB, 'error', 3]],
  ['[GPU requires reset], 1, 2, [GPU requires reset], 3', ['lost', MIB, 2 * MIB, 'lost', 3]],
  ['[Insufficient Permissions], 1, 2, 30, 3', ['denied', MIB, 2 * MIB, 30, 3]],
  ['5, 1, 2, 30, [Requested functionality has been deprecated]', [0.05, MIB, 2 * MIB, 30, 'not-implemented']],
  ['5, 1, 2, 30', [0.05, MIB, 2 * MIB, 30, 'error']], //                         a line cut short
  ['5, , 2, -3, 1', [0.05, 'error', 2 * MIB, -3, 1]], //                         empty is not 0; below zero is cold
] as const)('%s', ([cells, expected]) => {
  const { energyJoules, ...rest } = readings(cells);
  expect(Object.values(rest)).toEqual(expected);
  expect(energyJoules).toBe('unsupported');
});

it('reads every GPU of the table, on Windows too, and takes the driver from it', () => {
  const report = parseSmiTable(
    '0, GPU-a, NVIDIA H100 80GB HBM3, 590.48.01, 1, 2, 3, 4, 5\r\n1, GPU-b, NVIDIA L4, 590.48.01, 1, 2, 3, 4, 5\r\n',
  );
  expect(report).toMatchObject({
    ok: true,
    driver: '590.48.01',
    devices: [
      { index: 0, uuid: 'GPU-a', name: 'NVIDIA H100 80GB HBM3' },
      { index: 1, uuid: 'GPU-b', name: 'NVIDIA L4' },
    ],
    unidentified: [],
  });
});

it('counts a GPU without a name, and goes on with the others', () => {
  const lost = 'Unable to determine the device handle for GPU0000:03:00.0: GPU is lost. Reboot the system';
  const report = parseSmiTable(`${lost}\n1, GPU-b, NVIDIA L4, 590.48.01, 1, 2, 3, 4, 5\n`);
  expect(report).toMatchObject({
    devices: [{ uuid: 'GPU-b' }],
    unidentified: [{ index: 0, why: 'lost' }],
  });
});

it('never throws, and never makes a number of what is none', () => {
  fc.assert(
    // Not of the unit "binary", whose table of all characters takes a second to make.
    fc.property(fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'grapheme' })), (text) => {
      const report = parseSmiTable(`0, GPU-1, X, 1, ${text}\n${text}`);
      if (!report.ok) return;
      for (const device of report.devices) {
        for (const name of readingNames) {
          const reading = device[name];
          expect(!reading.ok || Number.isFinite(reading.value)).toBe(true);
        }
      }
    }),
  );
});
