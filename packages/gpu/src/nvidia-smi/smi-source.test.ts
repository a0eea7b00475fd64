import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { isRunning } from '../../test/is-running.ts';
import { smiSource } from './smi-source.ts';

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

/** A program in place of nvidia-smi that runs this script of /bin/sh. */
async function programOf(script: string): Promise<{ program: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-smi-'));
  folders.push(folder);
  const program = join(folder, 'nvidia-smi');
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  return { program, folder };
}

const never = new AbortController().signal;

it('asks for a table without header or units, and reads it', async () => {
  const { program, folder } = await programOf(
    'echo "$@" > "$(dirname "$0")/asked"; echo "0, GPU-1, NVIDIA L4, 590.48.01, 0, 1, 2, 30, 16.5"',
  );
  const report = await smiSource({ program }).read(never);
  expect(report).toMatchObject({
    ok: true,
    devices: [{ uuid: 'GPU-1', utilization: { ok: true, value: 0 } }],
  });
  expect(await readFile(join(folder, 'asked'), 'utf8')).toBe(
    '--query-gpu=index,uuid,name,driver_version,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw --format=csv,noheader,nounits\n',
  );
});

it.for([
  ['echo "No devices were found"; exit 6', 'no-devices'],
  ['echo "Failed to initialize NVML: Driver/library version mismatch" >&2; exit 18', 'driver-mismatch'],
  ['kill -SEGV $$', 'driver-failed'],
] as const)('%s → %s', async ([script, reason]) => {
  const { program } = await programOf(script);
  expect(await smiSource({ program }).read(never)).toMatchObject({ ok: false, reason });
});

it('says that there is none', async () => {
  const report = await smiSource({ program: join(tmpdir(), 'no-such-program') }).read(never);
  expect(report).toMatchObject({ ok: false, reason: 'smi-not-found' });
});

it('kills a run that is aborted, and returns only when it has ended', async () => {
  const { program, folder } = await programOf('echo $$ > "$(dirname "$0")/pid"; exec sleep 600');
  const giveUp = new AbortController();
  const reading = smiSource({ program }).read(giveUp.signal);
  const pid = await pidIn(join(folder, 'pid'));
  giveUp.abort();
  expect((await reading).ok).toBe(false);
  expect(isRunning(pid)).toBe(false);
});

async function pidIn(file: string): Promise<number> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await sleep(5);
  }
}
