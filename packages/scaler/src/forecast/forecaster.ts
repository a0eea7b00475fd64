/** A load that was seen: a value for every step, oldest first. */
export interface LoadHistory {
  /** Time of the first value, in milliseconds since the Unix epoch. */
  readonly startMs: number;
  readonly stepMs: number;
  /** Requests per second, finite and from 0. */
  readonly rates: readonly number[];
}

/** A load that is expected. */
export interface LoadForecast {
  /** Time of the first value, in milliseconds since the Unix epoch. */
  readonly startMs: number;
  readonly stepMs: number;
  /** Requests per second, finite and from 0. */
  readonly rates: readonly number[];
}

/**
 * Something that expects a load. Whatever it says can only raise the replicas, and only while following it has
 * been cheaper than doing without.
 */
export interface Forecaster {
  /** As it stands in decisions and scores. */
  readonly name: string;
  /**
   * Expects the next `steps` values. Resolves with `undefined` when it has nothing to say: too little history, a
   * load without a season. Rejects when it failed; nothing is expected then.
   */
  forecast(history: LoadHistory, steps: number, signal: AbortSignal): Promise<LoadForecast | undefined>;
  close?(): Promise<void>;
}

/** The greatest value expected between two times; `undefined` when the forecast does not reach there. */
export function expectedLoad(
  { startMs, stepMs, rates }: LoadForecast,
  fromMs: number,
  toMs: number,
): number | undefined {
  const first = Math.floor((fromMs - startMs) / stepMs);
  const last = Math.floor((toMs - startMs) / stepMs);
  if (first < 0 || last >= rates.length) return undefined;
  return Math.max(...rates.slice(first, last + 1));
}
