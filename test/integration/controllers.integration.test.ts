import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { fileStateStore } from '../../packages/scaler/src/memory/file-state-store.ts';
import { readMemory } from '../../packages/scaler/src/memory/autoscaler-memory.ts';
import { folderWith, kill, startController } from '../../packages/scaler/test/controller-process.ts';

it('leaves a whole state behind, whenever it is killed', async () => {
  const folder = await folderWith(2);
  for (const afterDecisions of [1, 1, 2, 3, 5, 8, 13]) {
    const { child, heard } = startController(folder, { LOAD: '50' });
    await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(afterDecisions), {
      timeout: 30_000,
      interval: 1,
    });
    await kill(child);
    const text = await fileStateStore(join(folder, 'state')).load();
    if (text !== undefined) readMemory(text); // The first may have been killed before its first save.
  }
});

it('lets one of two act on a target; the other takes over when it is killed or stopped', async () => {
  const folder = await folderWith(3);
  const lines = async (): Promise<string[]> =>
    (await readFile(join(folder, 'log'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const LEASE_MS = '600';
  // They disagree: without a lease the count would go up and down.
  const busy = startController(folder, { NAME: 'busy', LOAD: '150', LEASE_MS });
  await vi.waitFor(async () => expect(await lines()).toEqual(['busy 4', 'busy 5']), 30_000);
  const calm = startController(folder, { NAME: 'calm', LOAD: '5', LEASE_MS });
  await vi.waitFor(() => expect(calm.heard.at(-1)?.reason).toBe('not-leader'), 30_000);
  expect(await lines()).toHaveLength(2);

  busy.child.kill('SIGSTOP');
  await vi.waitFor(async () => expect(await lines()).toContain('calm 1'), 30_000);
  const before = busy.heard.length;
  busy.child.kill('SIGCONT');
  await vi.waitFor(() => expect(busy.heard.length).toBeGreaterThan(before + 10), 30_000);
  // It woke up in the middle of its loop, with a load that asks for more, and did nothing.
  expect((await lines()).filter((line) => line.startsWith('busy'))).toHaveLength(2);
  expect(busy.heard.at(-1)?.reason).toBe('not-leader');

  await kill(calm.child);
  await vi.waitFor(async () => expect((await lines()).at(-1)).toBe('busy 5'), 30_000);
});
