import { onTestFinished } from 'vitest';

/** Closes what a test has started, whether it passes or not. */
export function closeAfter<T extends AsyncDisposable>(started: T): T {
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started;
}
