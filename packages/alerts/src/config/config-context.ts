import { ConfigError } from '@tidewatch/core';
import type { AlertmanagerConfig } from './load-alertmanager-config.ts';
import type { ReceiversFromConfigOptions } from './receivers-from-config.ts';
import { readTextFile } from './read-source.ts';

/** Where a piece of configuration stands, and what channels are built with. */
export interface ConfigContext {
  readonly config: AlertmanagerConfig;
  readonly options: ReceiversFromConfigOptions;
  readonly path: string;
}

/**
 * Exactly one of the value and the file that holds it; a trailing line break of the file does not count.
 *
 * @throws {@link ConfigError} for neither, both, or a file that cannot be read.
 */
export function secret(
  context: ConfigContext,
  key: string,
  inline: string | undefined,
  file: string | undefined,
): string {
  const { config, path } = context;
  if (inline !== undefined && file !== undefined) {
    const problem = `"${key}" and "${key}_file" are both given`;
    throw new ConfigError(config.source, [
      { code: 'contradiction', path: `${path}.${key}`, problem, remedy: 'keep one of them' },
    ]);
  }
  if (inline !== undefined) return inline;
  if (file !== undefined) return readTextFile(file, config.source, `${path}.${key}_file`).trim();
  throw missing(context, key, `set "${key}" or "${key}_file"`);
}

/**
 * A value that has to be there.
 *
 * @throws {@link ConfigError} when it is not.
 */
export function required(context: ConfigContext, key: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw missing(context, key, `set "${key}"`);
}

/** The error for a key that has to be there. */
export function missing({ config, path }: ConfigContext, key: string, remedy: string): ConfigError {
  return new ConfigError(config.source, [
    { code: 'missing-key', path: `${path}.${key}`, problem: `${key} is missing`, remedy },
  ]);
}

/** What `send_resolved` means to a channel. */
export function resolved(sendResolved: boolean | undefined, byDefault: boolean): 'notify' | 'silent' {
  return (sendResolved ?? byDefault) ? 'notify' : 'silent';
}

/** What every channel over HTTP is built with. */
export function httpOptions({ options }: ConfigContext): Pick<ReceiversFromConfigOptions, 'fetch' | 'clock'> {
  const { fetch, clock } = options;
  return { ...(fetch === undefined ? {} : { fetch }), ...(clock === undefined ? {} : { clock }) };
}
