import { ConfigError } from '@tidewatch/core';

/**
 * Refuses what cannot be posted to, without repeating the address: it may hold a token.
 *
 * @throws {@link ConfigError} when it is not an http or https address.
 */
export function checkUrl(url: string | URL, channel: string): void {
  const protocol = URL.canParse(String(url)) ? new URL(url).protocol : undefined;
  if (protocol === 'https:' || protocol === 'http:') return;
  const got = protocol === undefined ? 'a text that is no address' : `the protocol ${protocol}`;
  throw new ConfigError(`channel ${channel}`, [
    {
      code: 'wrong-type',
      path: 'url',
      problem: `expected an http or https address, got ${got}`,
      remedy: 'copy the whole address, from https:// on',
    },
  ]);
}
