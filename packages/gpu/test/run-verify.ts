import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FakeGpu } from '../src/testing/index.ts';
import { fakeDriver, temporaryFolder } from './fake-driver.ts';

export const verifyScript: string = fileURLToPath(new URL('../tools/verify.ts', import.meta.url));
const MIB = 2 ** 20;

export const gpu: FakeGpu = {
  uuid: 'GPU-11111111-2222-3333-4444-555555555555',
  name: 'NVIDIA H200',
  utilizationPercent: 7,
  memoryTotalBytes: 143_771 * MIB,
  memoryUsedBytes: 32_362 * MIB,
  temperatureCelsius: 41,
  powerMilliwatts: 412_345,
  energyMillijoules: 1_000_000,
  powerLimitMilliwatts: 700_000,
  clocks: { 1: 1_755, 2: 2_619 },
  eccErrors: { corrected: 3, uncorrected: 0 },
  fields: { 82: 52 },
};

/** What nvidia-smi says of that GPU, by column; it has no fan. */
export const row: Readonly<Record<string, string>> = {
  uuid: gpu.uuid,
  name: 'NVIDIA H200',
  'utilization.gpu': '7',
  'memory.used': '32362',
  'memory.total': '143771',
  'temperature.gpu': '41',
  'power.draw': '412.35',
  'enforced.power.limit': '700.00',
  'clocks.sm': '1755',
  'clocks.mem': '2619',
  'temperature.memory': '52',
  'ecc.errors.corrected.aggregate.total': '3',
  'ecc.errors.uncorrected.aggregate.total': '0',
};

/** Runs the script for real hardware over the fake library, beside an nvidia-smi that prints these columns, `[N/A]` for others. */
export async function verify(
  columns: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly lines: readonly string[] }> {
  const folder = await temporaryFolder();
  const nvml = await fakeDriver();
  await nvml.play({ gpus: [gpu] });
  await writeFile(
    join(folder, 'nvidia-smi'),
    `#!${process.execPath}
const says = ${JSON.stringify(columns)};
const [, asked] = /--query-gpu=(.*)/.exec(process.argv.join(' ').replace(/ --format.*/, ''));
console.log(asked.split(',').map((column) => says[column] ?? '[N/A]').join(', '));
`,
    { mode: 0o755 },
  );
  const env = {
    ...process.env,
    PATH: `${folder}:${process.env['PATH']}`,
    TIDEWATCH_NVML_LIBRARY: nvml.libraryPath,
  };
  const { status, stdout } = spawnSync(process.execPath, ['--conditions=@tidewatch/source', verifyScript], {
    env,
    encoding: 'utf8',
  });
  return { status, lines: stdout.trim().split('\n') };
}
