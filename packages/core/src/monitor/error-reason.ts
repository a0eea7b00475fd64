/** Finds a word for what was thrown. From a small set: every word is a series. */
export type ErrorReason = (error: unknown) => string;

/**
 * The `code` of a system error (`ECONNREFUSED`), else the error's `name` (`TimeoutError`), else `unknown`.
 *
 * Never the message: it may hold an address, an id or a secret.
 */
export function errorReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, name } = error as Error & { code?: unknown };
  return [code, name].find(isWord) ?? 'unknown';
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(value);
}
