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

it.for(['cluster', 'threads'])('%s: one scrape has exact totals, and waits for nobody', async (kind) => {
  const primary = fork(new URL('./fixtures/fleet-primary.ts', import.meta.url), [kind], {
    execArgv: ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'],
  });
  const [said] = (await once(primary, 'message')) as [{ together: string; later: string }];
  const { together, later } = said;
  await once(primary, 'exit');
  const exposed = (scrape: string, start: string) =>
    scrape.split('\n').filter((line) => line.startsWith(start));

  // Three workers of 1,000 predictions each: what each of them told is added up, and divided then.
  expect(exposed(together, 'classification_true_positives_total{')).toEqual([
    'classification_true_positives_total{class="cat",model="pets"} 1500',
    'classification_true_positives_total{class="dog",model="pets"} 1200',
  ]);
  expect(exposed(together, 'classification_false_positives_total{class="cat"')).toEqual([
    'classification_false_positives_total{class="cat",model="pets"} 300',
  ]);
  expect(exposed(together, 'classification_request_duration_seconds_count')).toEqual([
    'classification_request_duration_seconds_count{model="pets"} 3000',
  ]);
  expect(exposed(together, 'classification_accuracy{')).toEqual([
    'classification_accuracy{model="pets"} 0.9',
  ]);

  // One was killed and one answers no more: their past still counts, and the scrape says so.
  expect(exposed(later, 'classification_labelled_total')).toEqual([
    'classification_labelled_total{model="pets"} 3000',
  ]);
  expect(exposed(later, 'tidewatch_workers')).toEqual([
    'tidewatch_workers{model="pets",state="reporting"} 1',
    'tidewatch_workers{model="pets",state="silent"} 1',
    'tidewatch_workers_gone_total{model="pets"} 1',
  ]);
});
