import { expect, it } from 'vitest';
import { namespacePids, ownMemory } from './own-memory.ts';

const holds = (pid: number, value: number) =>
  ({ pid, memoryUsedBytes: { ok: true, kind: 'point', value } }) as const;
const silent = (pid: number) => ({ pid, memoryUsedBytes: { ok: false, why: 'unsupported' } }) as const;
const denied = { ok: false, why: 'denied', code: 4 } as const;
const zero = { ok: true, kind: 'point', value: 0 };

it.for([
  // who computes                   our pids   container  answer                               why the row is here
  [[holds(42, 7), holds(9, 1)], [42], false, { ok: true, kind: 'point', value: 7 }],
  [[holds(42, 7), holds(5, 3)], [42, 5], true, { ok: true, kind: 'point', value: 10 }], // driver 560 mixes both
  [[holds(9, 1)], [42], false, zero], //                                              not ours, and we would be seen
  [[holds(9, 1)], [42], true, { ok: false, why: 'not-visible' }], //                  may be us under another number
  [[], [42], true, zero], //                                                          nobody is nobody anywhere
  [[silent(42)], [42], false, { ok: false, why: 'unsupported' }], //                  there, and no number: not 0
  [denied, [42], false, denied],
] as const)('%j as %j, in a container: %s', ([processes, pids, inContainer, expected]) => {
  expect(ownMemory(processes, { pids, inContainer })).toEqual(expected);
});

it.for([
  ['Name:\tnode\nNSpid:\t31337\t42\nNSpgid:\t1\n', [31337, 42]],
  ['Name:\tnode\nNSpid:\t42\n', [42]],
  ['', [7]], // no /proc: another operating system
] as const)('%j gives %j', ([status, pids]) => {
  expect(namespacePids(status, 7)).toEqual(pids);
});
