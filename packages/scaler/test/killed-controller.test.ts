import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { readMemory } from '../src/memory/autoscaler-memory.ts';
import { fileStateStore } from '../src/memory/file-state-store.ts';
import { folderWith, kill, startController, type Heard } from './controller-process.ts';

// Killed at any moment, and two at once: test/integration/controllers.integration.test.ts.
it('knows after kill -9 what it did before: cooldown, count of replicas, what was learned', async () => {
  const folder = await folderWith(2);
  const first = startController(folder, { LOAD: '150' });
  // Told before it is kept: of two, the first is kept.
  const atMaximum = (): Heard[] => first.heard.filter(({ reason }) => reason === 'at-maximum');
  await vi.waitFor(() => expect(atMaximum().length).toBeGreaterThan(1), 20_000);
  await kill(first.child);

  const kept = readMemory((await fileStateStore(join(folder, 'state')).load()) ?? '');
  expect(kept).toMatchObject({ askedFor: 5, learned: { rounds: expect.any(Number) } });
  expect(kept.decisions.at(-1)).toMatchObject({ reason: 'at-maximum' });

  const second = startController(folder, { LOAD: '5' });
  await vi.waitFor(() => expect(second.heard.length).toBeGreaterThan(0), 20_000);
  const [again] = second.heard;
  expect(again).toMatchObject({ action: 'hold', reason: 'cooldown', to: 5 });
  // Not begun anew: some of it had passed before the restart.
  expect(again?.cooldownMs).toBeLessThan(300_000);
  expect(again?.rounds).toBeGreaterThanOrEqual(Number(kept.learned['rounds']));
});
