import { expect, it } from 'vitest';
import { nvmlSample } from './nvml-abi.ts';
import { bindNvml, type NvmlCalls } from './nvml-calls.ts';
import { readUtilization } from './read-utilization.ts';

/** A driver with a point reading of 5 % and the given samples. */
function driver(samples: readonly { readonly atUs: bigint; readonly percent: number }[]): NvmlCalls {
  return {
    ...bindNvml({ find: () => undefined, unload: () => {} }),
    nvmlDeviceGetUtilizationRates: (_device, rates) => {
      rates.writeUInt32LE(5);
      return 0;
    },
    nvmlDeviceGetSamples: (_device, _type, _since, valueType, count, buffer) => {
      valueType.writeUInt32LE(1);
      count.writeUInt32LE(samples.length);
      samples.forEach(({ atUs, percent }, i) => {
        buffer.writeBigUInt64LE(atUs, i * nvmlSample.size + nvmlSample.timeStamp);
        buffer.writeUInt32LE(percent, i * nvmlSample.size + nvmlSample.sampleValue);
      });
      return 0;
    },
  };
}

it('is the mean of the new samples, and each sample counts once', () => {
  const cursor = { lastSeenUs: 0n };
  const nvml = driver([
    { atUs: 10n, percent: 20 },
    { atUs: 20n, percent: 60 },
  ]);
  expect(readUtilization(nvml, 1n, cursor)).toEqual({ ok: true, kind: 'mean', value: 0.4, n: 2, max: 0.6 });
  expect(cursor.lastSeenUs).toBe(20n);
  expect(readUtilization(nvml, 1n, cursor)).toMatchObject({ kind: 'point', value: 0.05 });
});

it.for([
  // percent atUs  reading                    why the row is here
  [0, 10n, { kind: 'mean', value: 0 }], //    idle is a value
  [101, 10n, { kind: 'point' }], //           garbage in the driver's buffer
  [0xffffffff, 10n, { kind: 'point' }], //    an unused slot
  [50, 0n, { kind: 'point' }], //             a slot without a time
] as const)('a sample of %i at %i gives %j', ([percent, atUs, expected]) => {
  expect(readUtilization(driver([{ atUs, percent }]), 1n, { lastSeenUs: 0n })).toMatchObject(expected);
});
