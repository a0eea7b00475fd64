import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets the event loop turn between two pieces of a long work. */
export interface Pace {
  /** A work begins in a young turn. */
  begin(): void;
  /**
   * Resolves at once while little was done in this turn, otherwise in the next turn.
   *
   * @param weight - What was done since the last rest; 1 is a small thing, such as one message.
   */
  rest(weight: number): Promise<void>;
}

/** A turn older than this is ended at the next chance, */
const TURN_MS = 4;
/** but not before so much was done: a small work is one turn, on a slow machine too. */
const LEAST_WEIGHT = 16;

/**
 * Real time, whatever clock the alerting has: it is the host's event loop that must not wait. All pieces of work that
 * rest at one pace share its turn.
 */
export function createPace(): Pace {
  let turnBeganMs = performance.now();
  let done = 0;
  return {
    begin() {
      turnBeganMs = performance.now();
      done = 0;
    },
    async rest(weight) {
      done += weight;
      if (done < LEAST_WEIGHT || performance.now() - turnBeganMs < TURN_MS) return;
      await nextTurn();
      turnBeganMs = performance.now();
      done = 0;
    },
  };
}
