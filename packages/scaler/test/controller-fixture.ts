import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createAutoscaler,
  fileLease,
  fileStateStore,
  loadAutoscalerConfig,
  type ScaleTarget,
} from '../src/index.ts';

/**
 * A controller as a process of its own, to be killed by its test. Its target is a number in a file, which
 * outlives it; each change is a line of a log.
 */
const { FOLDER = '', NAME = '', LOAD = '0', LEASE_MS } = process.env;
const count = join(FOLDER, 'replicas');

const target: ScaleTarget = {
  async observe() {
    const desired = Number(await readFile(count, 'utf8'));
    return { desired, ready: desired, starting: 0, draining: 0 };
  },
  async scaleTo(replicas) {
    await writeFile(count, String(replicas));
    await appendFile(join(FOLDER, 'log'), `${NAME} ${replicas}\n`);
  },
};
const cooldown = LEASE_MS === undefined ? 300 : 0;
let rounds = 0;
const autoscaler = createAutoscaler({
  config: loadAutoscalerConfig(`
metrics: [{ name: qps, query: q, scale_up_threshold: 100, scale_down_threshold: 30, per: total }]
scaling: { max_replicas: 5, cooldown: ${cooldown}, scale_up_step: 1 }
interval: 0.1
`),
  query: async (_expr, timeMs) => [{ labels: {}, timeMs, value: Number(LOAD) }],
  target,
  intervalMs: 20,
  stateStore: fileStateStore(join(FOLDER, 'state')),
  learners: {
    rounds: {
      snapshot: () => ++rounds,
      restore: (knowledge) => {
        rounds = Number(knowledge);
      },
    },
  },
  ...(LEASE_MS === undefined
    ? {}
    : { lease: fileLease({ folder: join(FOLDER, 'lease'), durationMs: Number(LEASE_MS), identity: NAME }) }),
  onDecision: ({ action, reason, to, cooldownRemainingMs }) =>
    process.send?.({ action, reason, to, cooldownMs: cooldownRemainingMs.down, rounds }),
});
autoscaler.start();
process.on('message', () => {}); // Stays until it is killed.
