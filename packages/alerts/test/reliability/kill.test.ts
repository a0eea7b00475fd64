import { expect, it } from 'vitest';
import { killLoop } from '../kill/kill-loop.ts';
import { newFolder } from './rig.ts';

// The long form: `pnpm --filter @tidewatch/alerts run test:kill --rounds 300 --changes 2000`.
it('R1 a process killed again and again tells every change of its alerts', async () => {
  let state = 7;
  const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const place = await newFolder();
  const report = await killLoop({ place, rounds: 2, changes: 24, random, patienceMs: 20_000 });
  expect(report).toMatchObject({ told: 24, missing: 0 });
});
