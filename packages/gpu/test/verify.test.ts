/** The script for real hardware, where there is none: over the fake library, beside a program that says the same or not. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildFakeNvml, type FakeGpu } from '../src/testing/index.ts';
import { hasGcc } from './gcc.ts';

const script = fileURLToPath(new URL('../tools/verify.ts', import.meta.url));
const MIB = 2 ** 20;

const gpu: FakeGpu = {
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
const row: Readonly<Record<string, string>> = {
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

/** Runs the script beside an nvidia-smi that prints these columns, `[N/A]` for others. */
async function verify(columns: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'gpu-verify-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const nvml = await buildFakeNvml({ folder });
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
  const { status, stdout } = spawnSync(process.execPath, ['--conditions=@tidewatch/source', script], {
    env,
    encoding: 'utf8',
  });
  return { status, lines: stdout.trim().split('\n') };
}

describe.skipIf(!hasGcc)('the check against nvidia-smi', { timeout: 60_000 }, () => {
  it('passes where both say the same, and tells the driver', async () => {
    const { status, lines } = await verify(row);
    expect(lines.filter((line) => !line.startsWith('passed '))).toEqual([
      'driver 590.48.01, state ok',
      '15 passed, 0 failed, 0 skipped',
    ]);
    expect(status).toBe(0);
  });

  it('fails where a reading differs, is missing on one side, or a GPU is unknown to the other', async () => {
    const { status, lines } = await verify({ ...row, 'power.draw': '90.00', 'temperature.memory': '[N/A]' });
    expect(lines.filter((line) => line.startsWith('failed '))).toEqual([
      'failed  gpu 0 power: ours 412.345 (point), nvidia-smi 90.00',
      'failed  gpu 0 memory temperature: ours 52 (point), nvidia-smi [N/A]',
    ]);
    expect(lines.at(-1)).toBe('13 passed, 2 failed, 0 skipped');
    expect(status).toBe(1);
    const stranger = await verify({ ...row, uuid: 'GPU-9' });
    expect(stranger.lines).toContainEqual(`failed  gpu 0: nvidia-smi does not know ${gpu.uuid}`);
    expect(stranger.status).toBe(1);
  });
});

it('says where there is no GPU, and is content', { timeout: 30_000 }, () => {
  const env = { ...process.env, TIDEWATCH_NVML_LIBRARY: '/nowhere/libnvidia-ml.so.1' };
  const { status, stdout } = spawnSync(process.execPath, ['--conditions=@tidewatch/source', script], {
    env,
    encoding: 'utf8',
  });
  expect(stdout).toMatch(/^skipped no GPU to compare with: library-not-found/);
  expect(stdout.trim().split('\n').at(-1)).toBe('0 passed, 0 failed, 1 skipped');
  expect(status).toBe(0);
});
