import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { it } from 'vitest';

const run = promisify(execFile);

it.concurrent.for([
  // how the service ends             why the row is here
  ['closed-twice'], // SIGTERM and a shutdown hook together
  ['never-closed'], // a library must not keep its host alive
  ['not-created'], // the options were wrong: nothing may be left running
] as const)('a service that is %s exits by itself', { timeout: 30_000 }, async ([how], { expect }) => {
  const { stdout } = await run(
    process.execPath,
    [
      '--conditions=@tidewatch/source',
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(new URL('fixtures/short-service.ts', import.meta.url)),
      how,
    ],
    { timeout: 25_000 }, // a process that hangs is killed and fails the test
  );
  expect(stdout).toBe(`${how}\n`);
});
