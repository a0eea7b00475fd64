import { expect, it } from 'vitest';
import { deviceFilter, type DeviceSelection } from './select-devices.ts';

const gpus = [
  { index: 0, uuid: 'GPU-aa11', name: 'X' },
  { index: 1, uuid: 'GPU-bb22', name: 'X' },
  { index: 10, uuid: 'GPU-bb33', name: 'X' },
];

it.for<[DeviceSelection, string | undefined, number[]]>([
  // devices        CUDA_VISIBLE_DEVICES   those that stay   why the row is here
  ['visible', undefined, [0, 1, 10]],
  ['visible', '1', [1]], //                                  not 10
  ['visible', '10, 0', [0, 10]],
  ['visible', 'GPU-bb', [1, 10]], //                         the beginning of a UUID
  ['visible', 'GPU-aa11,1', [0, 1]],
  ['visible', '', []], //                                    CUDA hides all
  ['visible', '-1', []],
  ['visible', '0,-1,1', [0]], //                             up to the first invalid one
  ['visible', 'NoDevFiles', []], //                          what schedulers write for none
  ['all', '1', [0, 1, 10]],
  [['GPU-bb22'], '0', [1]], //                               a list goes before the variable
  [['GPU-bb'], undefined, []], //                            and is exact
])('%j with %j', ([selection, visible, expected]) => {
  const filter = deviceFilter(selection, { CUDA_VISIBLE_DEVICES: visible }) ?? (() => true);
  expect(gpus.filter(filter).map(({ index }) => index)).toEqual(expected);
});

const missing = { ok: false, why: 'unsupported' } as const;
const readings = { memoryUsedBytes: missing, memoryTotalBytes: missing, smUtilization: missing };

it.for([
  // selection                     CUDA_VISIBLE_DEVICES      ours
  ['visible', 'MIG-aaaa', true],
  ['visible', 'MIG-aa', true], //                            the beginning is enough
  ['visible', 'MIG-bbbb', false],
  ['visible', 'MIG-GPU-1111/3/0', true], //                  as drivers before 470 name instances
  ['visible', 'MIG-GPU-2222/3/0', false],
  [['MIG-aaaa'], undefined, true],
  [['MIG-aa'], undefined, false], //                         a list is exact
] as const)('with %j and %s, a GPU with the instance MIG-aaaa is ours: %s', ([selection, visible, ours]) => {
  const instances = [{ uuid: 'MIG-aaaa', name: 'NVIDIA H200 MIG 3g.71gb', ...readings }];
  const isOurs = deviceFilter(selection, { CUDA_VISIBLE_DEVICES: visible });
  expect(isOurs?.({ index: 0, uuid: 'GPU-1111', instances })).toBe(ours);
});
