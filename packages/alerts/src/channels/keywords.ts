import { ConfigError } from '@tidewatch/core';

/** Robots that are set to keywords take a message only when it holds one. */
export const MAX_KEYWORDS = 10;

/** The text with a keyword in it: its own, or the first added. Escaped ones do not count. */
export function withKeyword(text: string, keywords: readonly string[] = []): string {
  const [first] = keywords;
  return first === undefined || keywords.some((keyword) => text.includes(keyword))
    ? text
    : `${text}\n\n${first}`;
}

/**
 * Holds a number of an option against its bounds.
 *
 * @throws {@link ConfigError} when it is not a whole number from 1 to `max`.
 */
export function checkRange(channel: string, path: string, got: number, max: number): void {
  if (Number.isInteger(got) && got >= 1 && got <= max) return;
  throw new ConfigError(`channel ${channel}`, [
    { code: 'out-of-range', path, problem: `expected a whole number from 1 to ${max}, got ${got}` },
  ]);
}
