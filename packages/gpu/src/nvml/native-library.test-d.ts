import { expectTypeOf, it } from 'vitest';
import type { NativeArguments } from './native-library.ts';
import type { NvmlCalls } from './nvml-calls.ts';

it('takes pointers as bigint and memory as Buffer: a number in their place ends the process', () => {
  expectTypeOf<NativeArguments<['handle', 'buffer', 'uint32', 'uint64']>>().toEqualTypeOf<
    [bigint, Buffer, number, bigint]
  >();
  expectTypeOf<NvmlCalls['nvmlDeviceGetPowerUsage']>().parameters.toEqualTypeOf<[bigint, Buffer]>();
});
