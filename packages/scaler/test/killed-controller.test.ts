import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { readMemory } from '../src/memory/autoscaler-memory.ts';
import { fileStateStore } from '../src/memory/file-state-store.ts';

const script = fileURLToPath(new URL('controller-fixture.ts', import.meta.url));
const execArgv = ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'];

interface Heard {
  readonly action: string;
  readonly reason: string;
  readonly to: number;
  readonly cooldownMs: number;
  readonly rounds: number;
}

async function folderWith(replicas: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'controller-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'replicas'), String(replicas));
  return folder;
}

function startController(folder: string, env: Record<string, string>) {
  const heard: Heard[] = [];
  const child = fork(script, { execArgv, env: { ...process.env, FOLDER: folder, ...env } });
  child.on('message', (message) => heard.push(message as Heard));
  onTestFinished(async () => kill(child));
  return { child, heard };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('knows after kill -9 what it did before: cooldown, count of replicas, what was learned', async () => {
  const folder = await folderWith(2);
  const first = startController(folder, { LOAD: '150' });
  await vi.waitFor(() => expect(first.heard.at(-1)).toMatchObject({ reason: 'at-maximum' }), 10_000);
  await kill(first.child);

  const kept = readMemory((await fileStateStore(join(folder, 'state')).load()) ?? '');
  expect(kept).toMatchObject({ askedFor: 5, learned: { rounds: expect.any(Number) } });
  expect(kept.decisions.at(-1)).toMatchObject({ reason: 'at-maximum' });

  const second = startController(folder, { LOAD: '5' });
  await vi.waitFor(() => expect(second.heard.length).toBeGreaterThan(0), 10_000);
  const [again] = second.heard;
  expect(again).toMatchObject({ action: 'hold', reason: 'cooldown', to: 5 });
  // Not begun anew: some of it had passed before the restart.
  expect(again?.cooldownMs).toBeLessThan(300_000);
  expect(again?.rounds).toBeGreaterThanOrEqual(Number(kept.learned['rounds']));
});

it('leaves a whole state behind, whenever it is killed', async () => {
  const folder = await folderWith(2);
  for (const afterDecisions of [1, 2, 5]) {
    const { child, heard } = startController(folder, { LOAD: '50' });
    await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(afterDecisions), {
      timeout: 10_000,
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
  await vi.waitFor(async () => expect(await lines()).toEqual(['busy 4', 'busy 5']), 10_000);
  const calm = startController(folder, { NAME: 'calm', LOAD: '5', LEASE_MS });
  await vi.waitFor(() => expect(calm.heard.at(-1)?.reason).toBe('not-leader'), 10_000);
  expect(await lines()).toHaveLength(2);

  busy.child.kill('SIGSTOP');
  await vi.waitFor(async () => expect(await lines()).toContain('calm 1'), 10_000);
  const before = busy.heard.length;
  busy.child.kill('SIGCONT');
  await vi.waitFor(() => expect(busy.heard.length).toBeGreaterThan(before + 10), 10_000);
  // It woke up in the middle of its loop, with a load that asks for more, and did nothing.
  expect((await lines()).filter((line) => line.startsWith('busy'))).toHaveLength(2);
  expect(busy.heard.at(-1)?.reason).toBe('not-leader');

  await kill(calm.child);
  await vi.waitFor(async () => expect((await lines()).at(-1)).toBe('busy 5'), 10_000);
});
