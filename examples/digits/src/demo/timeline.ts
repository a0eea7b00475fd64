/** What happens when in one compressed day, in milliseconds from its start. */
export interface Timeline {
  readonly dayMs: number;
  /** The lens gets dirty: images carry noise and blur from here … */
  readonly troubleFromMs: number;
  /** … until it is cleaned. */
  readonly troubleUntilMs: number;
  /** Length of the window behind `classification_accuracy`. */
  readonly windowMs: number;
}

/** A day without a given length, when the demo runs until Ctrl-C. */
const OPEN_ENDED_DAY_SECONDS = 180;

/**
 * The day's plan: quiet, a morning that fills up, trouble at midday, an evening that empties.
 *
 * The window is short against the day, so that the fall and the recovery are both seen; it is a
 * fifteenth of it, and at least 5 s.
 */
export function planDay(seconds: number = OPEN_ENDED_DAY_SECONDS): Timeline {
  const dayMs = seconds * 1000;
  return {
    dayMs,
    troubleFromMs: 0.42 * dayMs,
    troubleUntilMs: 0.68 * dayMs,
    windowMs: Math.max(5_000, dayMs / 15),
  };
}
