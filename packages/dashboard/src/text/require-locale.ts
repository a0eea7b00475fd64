import { ConfigError, type Locale } from '@tidewatch/core';

const LOCALES: readonly Locale[] = ['zh-CN', 'en'];

/** @throws {@link ConfigError} for a language that the catalogue does not have. */
export function requireLocale(source: string, locale: Locale): void {
  if (LOCALES.includes(locale)) return;
  const problem = `expected ${LOCALES.map((known) => `'${known}'`).join(' or ')}, got ${JSON.stringify(locale)}`;
  throw new ConfigError(source, [{ code: 'out-of-range', path: 'locale', problem }]);
}
