import { totalmem } from 'node:os';
import { expect, it } from 'vitest';
import { limitsOf, readLimits } from './container-limits.ts';

const machine = {
  constrainedBytes: 0,
  availableBytes: 5e9,
  totalBytes: 8e9,
  usableProcessors: 4,
  processors: 4,
};

it.for([
  // what Node says                                     limits
  [{}, {}], //                                          no container
  [{ constrainedBytes: 2 ** 63 }, {}], //               a group without a limit, on some kernels
  [{ constrainedBytes: 8e9 }, {}], //                   on others it is the machine's own memory
  [
    { constrainedBytes: 2e9, availableBytes: 5e8 },
    { memoryLimitBytes: 2e9, memoryUsedBytes: 15e8 },
  ],
  [
    { constrainedBytes: 2e9, availableBytes: 3e9 }, //  counted a moment apart
    { memoryLimitBytes: 2e9, memoryUsedBytes: 0 },
  ],
  [{ usableProcessors: 2 }, { cpuLimit: 2 }],
] as const)('%j', ([says, limits]) => {
  expect(limitsOf({ ...machine, ...says })).toEqual(limits);
});

it('reads those of this machine', () => {
  const { memoryLimitBytes = 0 } = readLimits();
  expect(memoryLimitBytes).toBeLessThan(totalmem());
});
