// Kills a collecting process again and again, and prints what was lost.
//
//   pnpm --filter @tidewatch/promql run test:kill --rounds 1000
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killLoop } from './kill-loop.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '1000' } } });
const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-kill-'));
try {
  console.log(await killLoop(dataDir, Number(values.rounds), Math.random));
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
