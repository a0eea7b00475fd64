import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { killLoop } from '../../packages/promql/test/kill/kill-loop.ts';

const rounds = 40;

it(`a store killed ${rounds} times on one folder loses at most the collect in flight`, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-kill-'));
  onTestFinished(async () => rm(dataDir, { recursive: true, force: true }));
  let state = 41;
  const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const { collects, lostInFlight } = await killLoop(dataDir, rounds, random);
  expect(collects).toBeGreaterThan(10 * rounds);
  expect(lostInFlight).toBeLessThanOrEqual(rounds);
});
