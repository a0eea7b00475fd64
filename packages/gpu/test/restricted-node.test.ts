import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('fixtures/print-status.ts', import.meta.url));

it.for([
  // Node's flags                                                               reason
  [['--no-addons'], 'ffi-not-allowed'], //                                      kept for the helper too
  [['--permission', '--allow-fs-read=*'], 'helper-not-allowed'],
  [['--permission', '--allow-fs-read=*', '--allow-child-process'], 'ffi-not-allowed'],
  [['--permission', '--allow-fs-read', '*', '--allow-child-process'], 'ffi-not-allowed'], // a value apart
] as const)('under %j the answer is %s, not an exception', { timeout: 20_000 }, async ([flags, reason]) => {
  const args = ['--conditions=@tidewatch/source', ...flags, script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toMatchObject({ state: 'none', reason });
});
