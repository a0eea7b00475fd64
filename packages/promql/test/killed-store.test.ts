import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createStore } from '../src/index.ts';
import { killLoop } from './kill/kill-loop.ts';

let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-kill-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

// The long form: test/integration/killed-store.integration.test.ts, and `npm run test:kill -- --rounds 1000`.
it('loses at most the collect in flight when it is killed, five times on one folder', async () => {
  // The rounds of a fixed sequence: how far each process comes still differs from run to run.
  let state = 20;
  const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const { collects, lostInFlight } = await killLoop(dataDir, 5, random);
  expect(collects).toBeGreaterThan(40);
  expect(lostInFlight).toBeLessThanOrEqual(5);
});

it('refuses a folder that another process has open, and takes it over once that is dead', async () => {
  const script = fileURLToPath(new URL('kill/writer.ts', import.meta.url));
  const other = spawn(process.execPath, ['--conditions=@tidewatch/source', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(other.stdout, 'data');
    await expect(createStore({ dataDir })).rejects.toThrow(
      `createStore: dataDir: another store has this folder open, in process ${other.pid}; give each store`,
    );
  } finally {
    const closed = once(other, 'close');
    other.stdout.resume();
    other.kill('SIGKILL');
    await closed;
  }
  await (await createStore({ dataDir })).close();
});
