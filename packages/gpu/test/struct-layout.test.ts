import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import * as abi from '../src/nvml/nvml-abi.ts';
import { fakeNvmlSource } from '../src/testing/fake-nvml.ts';
import { hasGcc } from './gcc.ts';

const run = promisify(execFile);

it.skipIf(!hasGcc)('lays out every structure as the compiler does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nvml-layout-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const program = join(folder, 'layout');
  await run('gcc', ['-Wall', '-Werror', '-o', program, join(dirname(fakeNvmlSource), 'layout.c')]);
  const { stdout } = await run(program);

  const compiled: Record<string, Record<string, number>> = {};
  for (const line of stdout.trim().split('\n')) {
    const [structure = '', field = '', bytes] = line.split(' ');
    (compiled[structure] ??= {})[field] = Number(bytes);
  }
  const ours = Object.fromEntries(Object.entries(abi).filter(([, value]) => typeof value === 'object'));
  expect(ours).toEqual(compiled);
});
