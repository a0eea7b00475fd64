// Kills a telling process again and again, and prints what was not told.
//
//   pnpm --filter @tidewatch/alerts run test:kill --rounds 300 --changes 2000
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killLoop } from './kill-loop.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '300' },
    changes: { type: 'string', default: '2000' },
    memory: { type: 'boolean', default: false },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'tidewatch-kill-'));
try {
  const report = await killLoop({
    place: values.memory ? 'memory' : folder,
    rounds: Number(values.rounds),
    changes: Number(values.changes),
    random: Math.random,
  });
  console.log(report);
  if (report.missing > 0) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
