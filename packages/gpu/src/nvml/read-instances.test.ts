import { expect, it } from 'vitest';
import { slicesOf } from './read-instances.ts';

it.for([
  // name                                  slices     why the row is here
  ['NVIDIA H200 MIG 3g.71gb', 3],
  ['NVIDIA A100-SXM4-40GB MIG 1g.5gb', 1], //         the GPU's own size is no profile
  ['NVIDIA H100 80GB HBM3 MIG 1g.10gb+me', 1], //     with media engines
  ['NVIDIA A100-SXM4-40GB MIG 1c.3g.20gb', 1], //     a compute instance is a part of the three
  ['NVIDIA H200', undefined],
  ['unknown', undefined],
] as const)('%s has %s slices', ([name, slices]) => {
  expect(slicesOf(name)).toBe(slices);
});
