/** A year: nothing that is timed here lasts longer, and a few absurd numbers would leave a sum at infinity. */
export const LONGEST_DURATION_SECONDS: number = 365 * 86_400;

/** Whether a duration can be counted: a number of seconds from 0 to a year. */
export function isDuration(seconds: unknown): seconds is number {
  return typeof seconds === 'number' && seconds >= 0 && seconds <= LONGEST_DURATION_SECONDS;
}
