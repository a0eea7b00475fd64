import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('fixtures/print-status.ts', import.meta.url));

// More flags: restricted-node.integration.test.ts.
it.concurrent.for([
  // Node's flags                                reason
  [['--no-addons'], 'ffi-not-allowed'], //       kept for the helper too
  [['--permission', '--allow-fs-read=*'], 'helper-not-allowed'],
] as const)('under %j the answer is %s, not an exception', async ([flags, reason]) => {
  const args = ['--conditions=@tidewatch/source', ...flags, script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'none', reason });
});
