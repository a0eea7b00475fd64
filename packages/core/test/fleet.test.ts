import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createClassifierMonitor, receiveForwarded } from '../src/index.ts';

function startWorker(): ChildProcess {
  return fork(new URL('./fixtures/worker.ts', import.meta.url), {
    execArgv: ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'],
  });
}

it('counts in one process what others serve, though labels arrive at the wrong worker', async () => {
  const monitor = createClassifierMonitor({ model: 'pets' });
  const receive = receiveForwarded({ monitor });
  const workers = [startWorker(), startWorker()] as const;
  let foreign = 0;
  for (const worker of workers) {
    worker.on('message', (message) => {
      if (!receive(message, String(worker.pid))) foreign += 1;
    });
  }
  const [one, two] = workers;
  for (let i = 0; i < 100; i += 1) {
    (i % 2 === 0 ? one : two).send({ predict: [String(i), i % 4 === 0 ? 'cat' : 'dog'] });
    (i % 2 === 0 ? two : one).send({ label: [String(i), 'cat'] });
  }
  for (const worker of workers) worker.send({});
  await Promise.all(workers.map((worker) => once(worker, 'exit')));

  expect(foreign).toBe(0);
  expect(monitor.snapshot()).toMatchObject({
    n: 100,
    labelled: 100,
    accuracy: { value: 0.25 },
    inflight: 0,
    latencySeconds: { n: 100 },
    labels: { pending: 0, coverage: 1 },
  });
  expect(monitor.snapshot().ece).toBeCloseTo(0.5, 9);
});

it('lets a worker live on when its parent is gone', async () => {
  const worker = fork(new URL('./fixtures/orphan.ts', import.meta.url), {
    execArgv: ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  await once(worker, 'message');
  worker.disconnect();
  const [said] = (await once(worker.stdout as NonNullable<typeof worker.stdout>, 'data')) as [Buffer];
  expect(String(said)).toBe('events for the monitor could not be sent\n');
  const [status] = (await once(worker, 'exit')) as [number];
  expect(status).toBe(0);
});
