import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

it.for(['predicted only', 'predicted and actual', 'with latency and confidence'])(
  'allocates nothing per record once it is warm: %s',
  async (path) => {
    const child = fork(new URL('./fixtures/record-allocations.ts', import.meta.url), [path], {
      execArgv: [
        '--conditions=@tidewatch/source',
        '--disable-warning=ExperimentalWarning',
        '--expose-gc',
        // No collection while it is measured, and the compiler in step with the code.
        '--max-semi-space-size=64',
        '--single-threaded',
      ],
    });
    const [bytes] = (await once(child, 'message')) as [number];
    // The smallest thing on the heap is 16 bytes, each time.
    expect(bytes).toBeLessThan(1);
  },
);
