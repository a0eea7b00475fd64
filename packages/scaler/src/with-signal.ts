/** Stops waiting when the signal aborts, for promises whose maker may ignore it. */
export async function withSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // When the signal wins, the promise may still reject, and nobody is left to hear it.
  promise.catch(() => {});
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
