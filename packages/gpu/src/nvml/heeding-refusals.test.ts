import { expect, it } from 'vitest';
import { bindNvml } from './nvml-calls.ts';
import { heedingRefusals } from './heeding-refusals.ts';

it.for([
  // code   calls in 3 rounds   why the row is here
  [3, 1], //                    this GPU does not have it
  [13, 1], //                   this driver does not have it
  [25, 1], //                   nor that version of the structure
  [26, 1], //                   no longer
  [0, 3],
  [4, 3], //                    permission may be given
  [15, 3], //                   a lost GPU may come back
  [27, 3], //                   ready soon
  [999, 3],
] as const)('code %i is asked for %i times in three rounds', ([code, expected]) => {
  let calls = 0;
  const nvml = heedingRefusals({
    ...bindNvml({ find: () => undefined, unload: () => {} }),
    nvmlDeviceGetPowerUsage: () => {
      calls++;
      return code;
    },
  });
  for (let round = 0; round < 3; round++) {
    expect(nvml.nvmlDeviceGetPowerUsage(1n, Buffer.alloc(4))).toBe(code);
  }
  expect(calls).toBe(expected);
});
