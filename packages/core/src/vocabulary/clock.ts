/** Where time comes from. Only loops take a clock; decisions take `nowMs` as data. */
export interface Clock {
  /** Milliseconds since the Unix epoch. An operator or NTP may step it in either direction. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason if aborted first. Never keeps the process alive. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Milliseconds since an arbitrary start, with fractions, never stepped: what durations are measured with.
   * Absent, durations are measured with `now()`.
   */
  monotonic?(): number;
}

/** What one timer can hold, in milliseconds: Node fires a longer one at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. Its timers are unreferenced: a library must not keep its host running. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    let restMs = ms;
    for (; restMs > LONGEST_TIMER_MS; restMs -= LONGEST_TIMER_MS) await timer(LONGEST_TIMER_MS, signal);
    await timer(restMs, signal);
  },
};

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timeout);
      reject(signal?.reason as Error);
    };
    const timeout = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    timeout.unref();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** {@link Clock.monotonic} of a clock, or its `now` when it has none. */
export function monotonicMs(clock: Clock): number {
  return clock.monotonic?.() ?? clock.now();
}
