import { monotonicMs, type Clock } from './clock.ts';

/** Lets the event loop turn in the middle of long work. */
export interface Pace {
  /** Whether the work has gone on for longer than it may at a stretch. */
  isDue(): boolean;
  /** Resolves in a later turn of the event loop, when others have had theirs. */
  rest(): Promise<void>;
}

/** @param stretchMs - How long the work may go on at a stretch, in milliseconds. */
export function pace(clock: Clock, stretchMs = 1): Pace {
  let sinceMs = monotonicMs(clock);
  return {
    isDue: () => monotonicMs(clock) - sinceMs >= stretchMs,
    async rest() {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      sinceMs = monotonicMs(clock);
    },
  };
}
