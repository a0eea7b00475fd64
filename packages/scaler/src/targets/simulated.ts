import { systemClock, type Clock } from '@tidewatch/core';
import { withSignal } from '../with-signal.ts';
import type { ReplicaState, ScaleTarget } from './scale-target.ts';

export type { ReplicaState, ScaleTarget } from './scale-target.ts';

export interface SimulatedTargetOptions {
  /** How many serve at the start. @defaultValue 1 */
  readonly initialReplicas?: number;
  /** Time from the decision to a serving replica. @defaultValue 0 */
  readonly startupMs?: number;
  readonly clock?: Clock;
}

/** Replicas that exist as numbers alone: for examples, tests and trying out a configuration. */
export function simulatedTarget({
  initialReplicas = 1,
  startupMs = 0,
  clock = systemClock,
}: SimulatedTargetOptions = {}): ScaleTarget {
  let desired = initialReplicas;
  let ready = initialReplicas;
  let latestCall = 0;

  async function startUp(call: number): Promise<void> {
    if (ready < desired && startupMs > 0) await clock.sleep(startupMs);
    if (call === latestCall) ready = desired;
  }

  return {
    async observe(): Promise<ReplicaState> {
      return { desired, ready, starting: desired - ready, draining: 0 };
    },
    async scaleTo(replicas, signal) {
      signal.throwIfAborted();
      if (!Number.isInteger(replicas) || replicas < 0) {
        throw new RangeError(
          `simulatedTarget: cannot scale to ${replicas} replicas; give a whole number from 0`,
        );
      }
      const call = ++latestCall;
      desired = replicas;
      ready = Math.min(ready, desired);
      await withSignal(startUp(call), signal);
    },
  };
}
