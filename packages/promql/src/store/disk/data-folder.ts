import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@tidewatch/core';
import { lockFolder } from './lock.ts';

export type FileKind = 'wal' | 'seg';

/** The files of a store: `00000001.wal`, `00000001.seg` and so on. A segment replaces the log of its number. */
export class DataFolder {
  readonly path: string;
  /** Why nothing can be written here; `undefined` when it can. */
  readonly writeError: unknown;
  readonly #unlock: () => void;

  /** Claims the folder, and makes it if need be. @throws {@link ConfigError} when it is no folder, or in use. */
  constructor(path: string) {
    this.path = path;
    let unlock = (): void => undefined;
    let writeError: unknown;
    try {
      mkdirSync(path, { recursive: true });
      unlock = lockFolder(join(path, 'lock'));
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' || code === 'ENOTDIR') throw notAFolder(path, error);
      writeError = error;
    }
    this.#unlock = unlock;
    this.writeError = writeError;
  }

  file(sequence: number, kind: FileKind): string {
    return join(this.path, `${String(sequence).padStart(8, '0')}.${kind}`);
  }

  /** The numbers of the files of a kind, ascending. */
  list(kind: FileKind): readonly number[] {
    return this.#names()
      .filter((name) => name.endsWith(`.${kind}`))
      .map(sequenceOf)
      .filter((sequence) => sequence > 0)
      .sort((a, b) => a - b);
  }

  /** A number above that of every file there ever was. */
  nextSequence(): number {
    return Math.max(0, ...this.#names().map(sequenceOf)) + 1;
  }

  /** Removes what a dead process left half written. */
  removeDrafts(): void {
    for (const name of this.#names()) if (name.endsWith('.tmp')) rmSync(join(this.path, name));
  }

  /** Renames a damaged file: it is never read again, and a person can look at it. */
  setAside(path: string): void {
    renameSync(path, `${path}.broken`);
  }

  /** Removes the damaged files up to a number. */
  removeBroken(upTo: number): void {
    for (const name of this.#names()) {
      if (name.endsWith('.broken') && sequenceOf(name) <= upTo) rmSync(join(this.path, name));
    }
  }

  unlock(): void {
    this.#unlock();
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.path);
    } catch {
      return []; // Not there and not to be made: there is no history.
    }
  }
}

function sequenceOf(name: string): number {
  const digits = /^(\d{8,15})\./.exec(name)?.[1];
  return digits === undefined ? 0 : Number(digits);
}

function notAFolder(path: string, cause: unknown): ConfigError {
  const problem = `expected a folder, got ${JSON.stringify(path)}, which is a file or lies in one`;
  return new ConfigError('createStore', [{ code: 'unreadable', path: 'dataDir', problem }], { cause });
}
