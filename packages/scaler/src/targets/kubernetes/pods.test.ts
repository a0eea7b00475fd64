import type { V1Pod } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { countPods } from './pods.ts';

function pod(
  status: 'ready' | 'pending' | 'failed' | 'looping' | 'pulling',
  more: V1Pod['metadata'] = {},
): V1Pod {
  const reason = { looping: 'CrashLoopBackOff', pulling: 'ImagePullBackOff' }[status as string];
  return {
    metadata: more,
    status: {
      phase: status === 'failed' ? 'Failed' : status === 'ready' ? 'Running' : 'Pending',
      conditions: [{ type: 'Ready', status: status === 'ready' ? 'True' : 'False' }],
      ...(reason === undefined
        ? {}
        : {
            containerStatuses: [
              {
                name: 'c',
                image: 'i',
                imageID: '',
                ready: false,
                restartCount: 3,
                state: { waiting: { reason } },
              },
            ],
          }),
    },
  };
}

const leaving = { deletionTimestamp: new Date(0) };
const version = (hash: string): V1Pod['metadata'] => ({ labels: { 'pod-template-hash': hash } });

it.for([
  // pods                                                      desired  counts                                            why
  [[], 2, { ready: 0, starting: 2, draining: 0 }], //                   the controller has not made them yet
  [[pod('ready'), pod('pending')], 2, { ready: 1, starting: 1, draining: 0 }],
  [[pod('ready', leaving), pod('pending')], 1, { ready: 0, starting: 1, draining: 1 }], // evicted: serves no more
  [[pod('ready'), pod('ready')], 1, { ready: 1, starting: 0, draining: 1 }], // not marked yet, and no longer wanted
  [[pod('failed'), pod('ready')], 1, { ready: 1, starting: 0, draining: 0 }], // ended, and kept for its log
  [[pod('ready'), pod('looping')], 2, { ready: 1, starting: 1, crashLooping: 1 }],
  [[pod('ready'), pod('pulling')], 2, { crashLooping: 1 }], //            an image that is not there
  [[pod('ready'), pod('ready'), pod('looping')], 2, { ready: 2, crashLooping: 0 }], // enough without it
  [[pod('ready', version('a')), pod('pending', version('b'))], 2, { updating: true }],
  [[pod('ready', version('a')), pod('ready', version('a'))], 2, { updating: false }],
] as const)('%# %o of %i: %o', ([pods, desired, counts]) => {
  expect(countPods(pods, desired)).toMatchObject({ desired, ...counts });
});
