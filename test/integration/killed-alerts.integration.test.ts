import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { killLoop } from '../../packages/alerts/test/kill/kill-loop.ts';

const rounds = 30;
const changes = 200;

it(`R1 an alerting killed ${rounds} times tells every one of ${changes} changes of its alerts`, async () => {
  const place = await mkdtemp(join(tmpdir(), 'tidewatch-kill-'));
  onTestFinished(async () => rm(place, { recursive: true, force: true }));
  let state = 41;
  const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const report = await killLoop({ place, rounds, changes, random });
  expect(report).toMatchObject({ told: changes, missing: 0 });
  expect(report.kills).toBeGreaterThan(rounds / 2);
});
