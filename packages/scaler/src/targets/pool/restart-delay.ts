export interface RestartOptions {
  /** Pause before the first restart. @defaultValue 200 */
  readonly initialMs?: number;
  /** Longest pause. @defaultValue 30_000 */
  readonly maxMs?: number;
  /** A replica that served this long has no history of failures. @defaultValue 10_000 */
  readonly stableAfterMs?: number;
}

/** Pause before the next start: doubles with each failure in a row. */
export function restartDelayMs(
  failures: number,
  { initialMs = 200, maxMs = 30_000 }: RestartOptions = {},
): number {
  return Math.min(maxMs, initialMs * 2 ** Math.max(0, failures - 1));
}
