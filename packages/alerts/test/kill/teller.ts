// Watches the world of the judge at argv[2] and tells it of each change, until it is killed. State is kept in argv[3].
import type { Vector } from '@tidewatch/core';
import { createAlerting, loadRules, webhook } from '../../src/index.ts';

const [, , origin = '', place = ''] = process.argv;
const rules = loadRules(`groups:
  - name: world
    rules:
      - alert: Burning
        expr: burning
`);
const query = async (_: string, timeMs: number): Promise<Vector> => {
  const ids = (await (await fetch(`${origin}/burning`)).json()) as string[];
  return ids.map((id) => ({ labels: { id }, timeMs, value: 1 }));
};
const alerting = await createAlerting({
  rules,
  query,
  route: { receiver: 'judge', groupBy: ['id'], groupWaitMs: 0, groupIntervalMs: 1 },
  receivers: { judge: [webhook({ url: `${origin}/hook`, timeoutMs: 2000 })] },
  store: place === 'memory' ? 'memory' : { dir: place },
  intervalMs: 10,
  random: () => 0,
});
alerting.start();
// Its timers do not keep a process alive.
process.stdin.resume();
