import { workerPool } from '../src/targets/worker-pool.ts';

/** A process that holds a pool of two and is then killed by its test. */
const pids: number[] = [];
const pool = workerPool({
  script: new URL('plain-server-fixture.ts', import.meta.url),
  initialReplicas: 2,
  onMessage: (message) => {
    pids.push((message as { pid: number }).pid);
    if (pids.length === 2) process.send?.(pids);
  },
});
await pool.ready();
