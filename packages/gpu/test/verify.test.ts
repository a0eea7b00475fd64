/** The script for real hardware, where there is none. That it finds differences: verify.integration.test.ts. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { hasGcc } from './gcc.ts';
import { row, verify, verifyScript } from './run-verify.ts';

it.skipIf(!hasGcc)('passes where nvidia-smi says the same, and tells the driver', async () => {
  const { status, lines } = await verify(row);
  expect(lines.filter((line) => !line.startsWith('passed '))).toEqual([
    'driver 590.48.01, state ok',
    '15 passed, 0 failed, 0 skipped',
  ]);
  expect(status).toBe(0);
});

it('says where there is no GPU, and is content', () => {
  const env = { ...process.env, TIDEWATCH_NVML_LIBRARY: '/nowhere/libnvidia-ml.so.1' };
  const { status, stdout } = spawnSync(process.execPath, ['--conditions=@tidewatch/source', verifyScript], {
    env,
    encoding: 'utf8',
  });
  expect(stdout).toMatch(/^skipped no GPU to compare with: library-not-found/);
  expect(stdout.trim().split('\n').at(-1)).toBe('0 passed, 0 failed, 1 skipped');
  expect(status).toBe(0);
});
