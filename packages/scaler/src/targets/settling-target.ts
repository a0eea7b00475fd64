import { withSignal } from '../with-signal.ts';
import type { ReplicaState, ScaleTarget } from './scale-target.ts';
import { TargetError } from './target-error.ts';

/** What a target has to say of itself; the rest is the same for all. */
export interface SettlingTargetOptions {
  /** Begins its errors. */
  readonly name: string;
  readonly observe: (signal: AbortSignal) => Promise<ReplicaState>;
  /** Asks for that many, and does not wait until they are there. */
  readonly change: (replicas: number, signal: AbortSignal) => Promise<void>;
  /** Waits until it may be worth looking again. */
  readonly pause: (signal: AbortSignal) => Promise<void>;
}

/**
 * A target that is asked for a number, and looked at until it has it.
 *
 * Changes go out one after the other: of those that wait, only the latest. What is counted is never older than
 * the last change.
 */
export function settlingTarget({ name, observe, change, pause }: SettlingTargetOptions): ScaleTarget {
  let latestCall = 0;
  let changing: Promise<unknown> = Promise.resolve();

  async function countAfterChange(signal: AbortSignal): Promise<ReplicaState> {
    await withSignal(
      changing.catch(() => {}),
      signal,
    );
    return withSignal(observe(signal), signal);
  }

  async function scaleTo(replicas: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!Number.isInteger(replicas) || replicas < 0) {
      throw new TargetError(
        'bad-count',
        `${name}: cannot scale to ${replicas} replicas; give a whole number from 0`,
      );
    }
    const call = ++latestCall;
    const changed = changing
      .catch(() => {})
      .then(async () => (call === latestCall ? change(replicas, signal) : undefined));
    changing = changed;
    await withSignal(changed, signal);
    for (;;) {
      const { desired, ready, starting, draining, crashLooping = 0 } = await countAfterChange(signal);
      if (call !== latestCall) return;
      if (desired === replicas && ready === replicas && starting === 0 && draining === 0) return;
      if (crashLooping > 0) {
        throw new TargetError('crash-loop', `${name}: replicas crash before they are ready; see their log`);
      }
      await pause(signal);
    }
  }

  return { observe: countAfterChange, scaleTo };
}
