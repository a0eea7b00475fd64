import { readFileSync } from 'node:fs';
import { ConfigError } from '@tidewatch/core';

/** A configuration's text and the name it has in error messages. */
export interface Source {
  readonly text: string;
  readonly name: string;
}

/**
 * Takes a path or the text itself: what has a line break, or is empty, is a text.
 *
 * @throws {@link ConfigError} when the file cannot be read.
 */
export function readSource(pathOrText: string, name?: string): Source {
  const isText = pathOrText.includes('\n') || pathOrText.trim() === '';
  if (isText) return { text: pathOrText, name: name ?? 'inline YAML' };
  return { text: readTextFile(pathOrText, name ?? pathOrText), name: name ?? pathOrText };
}

/**
 * Reads one small file as text.
 *
 * @throws {@link ConfigError} when it cannot be read; the error names the file and the system's reason.
 */
export function readTextFile(path: string, name: string, at = ''): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new ConfigError(name, [
      {
        code: 'unreadable',
        path: at,
        problem: `cannot read ${JSON.stringify(path)} (${reason})`,
        remedy: 'check the path and its permissions',
      },
    ]);
  }
}
