import { expect, it } from 'vitest';
import type { ReplicaState } from '../targets/scale-target.ts';
import { judgeHealth, wellFleet, type FleetHealth } from './fleet-health.ts';

const MINUTE_MS = 60_000;
const READY_TIMEOUT_MS = 10 * MINUTE_MS;

function fleet(ready: number, starting: number, crashLooping = 0): ReplicaState {
  return { desired: ready + starting, ready, starting, draining: 0, crashLooping };
}

/** Judges one state after the other, a minute apart. */
function judged(...states: readonly ReplicaState[]): FleetHealth {
  return states.reduce<FleetHealth>(
    (before, state, minute) => judgeHealth(before, state, minute * MINUTE_MS, READY_TIMEOUT_MS),
    wellFleet,
  );
}

const times = (count: number, state: ReplicaState): ReplicaState[] =>
  Array.from({ length: count }, () => state);

it.for([
  // what was seen, a minute apart                          state       failures  why
  [[fleet(3, 0)], 'well', 0],
  [times(11, fleet(1, 2)), 'starting', 0], //                                     ten minutes are allowed
  [times(12, fleet(1, 2)), 'failing', 1], //                                      … and not one more
  [[...times(8, fleet(1, 2)), ...times(8, fleet(2, 1))], 'starting', 0], //       one of two has come: patience begins anew
  [[fleet(1, 2, 1)], 'failing', 1], //                                            a crash loop needs no waiting
  [times(20, fleet(1, 2, 1)), 'failing', 1], //                                   the same failure is counted once
  [[fleet(1, 2, 1), fleet(1, 4, 1)], 'failing', 2], //                            another attempt, another failure
  [[fleet(1, 2, 1), fleet(1, 2, 1), fleet(3, 0)], 'well', 0], //                  all ready: forgiven
] as const)('%# after %o: %s, %i failures', ([states, state, failures]) => {
  expect(judged(...states)).toMatchObject({ state, failures });
});

it('makes the attempts rarer, up to half an hour', () => {
  const attempts = [1, 2, 3, 4, 5, 6, 7].map((attempt) => fleet(1, attempt, 1));
  const pauses = attempts.map((_, index) => {
    const { retryAtMs = 0 } = judged(...attempts.slice(0, index + 1));
    return retryAtMs / MINUTE_MS - index;
  });
  expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30]);
});
