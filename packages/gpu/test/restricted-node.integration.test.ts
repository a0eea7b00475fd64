import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('fixtures/print-status.ts', import.meta.url));

// The first of them: restricted-node.test.ts.
it.for([
  // Node's flags                                                               reason
  [['--permission', '--allow-fs-read=*', '--allow-child-process'], 'ffi-not-allowed'],
  [['--permission', '--allow-fs-read', '*', '--allow-child-process'], 'ffi-not-allowed'], // a value apart
  [
    ['--permission', '--allow-fs-read=*', '--allow-child-process', '--allow-addons'],
    'library-not-found', // all that it takes: NVML is asked for, and is not there
  ],
] as const)('under %j the answer is %s, not an exception', async ([flags, reason]) => {
  const args = ['--conditions=@tidewatch/source', ...flags, script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'none', reason });
});
