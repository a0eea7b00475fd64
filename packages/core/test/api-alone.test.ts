import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

it('records, snapshots and serves metrics where no OpenTelemetry SDK is installed', async () => {
  const child = fork(new URL('./fixtures/api-alone.ts', import.meta.url), {
    execArgv: ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'],
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`the process ended with ${code}`);
  });
  const [said] = (await Promise.race([once(child, 'message'), died])) as [{ text: string }];
  expect(said).toMatchObject({ answer: 'dog', asked: [], n: 2, errors: 0 });
  expect(said.text).toContain('classification_predictions_total{model="m",predicted="dog"} 1');
});
