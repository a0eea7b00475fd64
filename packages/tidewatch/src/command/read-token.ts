import { readFileSync } from 'node:fs';
import { CommandUsageError, type Call } from './call.ts';

/** @throws {@link CommandUsageError} when the file cannot be read, or is empty. */
export function readToken(file: string, { texts }: Pick<Call, 'texts'>): string {
  try {
    const token = readFileSync(file, 'utf8').trim();
    if (token !== '') return token;
    throw Object.assign(new Error('empty'), { code: 'EMPTY' });
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new CommandUsageError(texts.cannotRead('--token-file', file, code), { cause: error });
  }
}
