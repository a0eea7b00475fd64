import type { Pause } from '../../labels/match.ts';

/** About 2.5 ms of decoding: a collection of garbage may fall into the same turn. */
const SLOTS_A_TURN = 25_000;

/** Counts what one query decodes, through all files, so that it pauses every few milliseconds. */
export class Pace {
  readonly #pause: Pause;
  #slots = 0;

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  /** Takes more work into account; `true` means: `await pause()` before going on. */
  isDue(slots: number): boolean {
    this.#slots += slots;
    return this.#slots >= SLOTS_A_TURN;
  }

  /** Rejects when the query is to stop. */
  pause(): Promise<void> {
    this.#slots = 0;
    return this.#pause();
  }
}
