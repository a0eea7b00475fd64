import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startDemo } from './support/demo-process.ts';

it.each(['SIGINT', 'SIGTERM'] as const)('%s ends the demo and leaves no process behind', async (signal) => {
  const demo = await startDemo('--port', '0');
  await sleep(4_000);
  expect(demoProcesses().length).toBeGreaterThanOrEqual(3); // itself, a worker, the traffic
  demo.kill(signal);
  const { status } = await demo.finished;
  expect(status).toBe(0);
  expect(demoProcesses()).toEqual([]);
});

/** Command lines of everything that belongs to a demo. */
function demoProcesses(): string[] {
  const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes('examples/digits/src/'));
}
