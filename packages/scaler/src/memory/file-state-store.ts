import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StateError, type StateStore } from './state-store.ts';

/**
 * Keeps the state in one file, which is replaced whole: after a crash or a power cut there is the old text
 * or the new one. A checksum tells a file that somebody else has touched.
 *
 * @param path - The file; its folder is made when it is missing.
 */
export function fileStateStore(path: string): StateStore {
  let saving: Promise<void> = Promise.resolve();

  async function replace(text: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}.tmp`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(`${checksum(text)}\n${text}\n`);
      await file.datasync();
    } catch (error) {
      await file.close();
      await rm(draft, { force: true });
      throw error;
    }
    await file.close();
    await rename(draft, path);
    await syncFolder(dirname(path));
  }

  return {
    async load() {
      const written = await readIfThere(path);
      if (written === undefined) return undefined;
      const end = written.indexOf('\n');
      const text = written.slice(end + 1, -1);
      if (end < 0 || written.slice(0, end) !== checksum(text)) {
        throw new StateError(
          'damaged',
          `${path}: the checksum does not match; delete the file to start without a state`,
        );
      }
      return text;
    },
    save(text) {
      // One after the other: a draft is not shared, and the last one wins.
      saving = saving.catch(() => {}).then(async () => replace(text));
      return saving;
    },
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOENT') return undefined;
    throw new StateError('unreadable', `${path}: cannot be read (${code})`);
  }
}

function checksum(text: string): string {
  return `sha256 ${createHash('sha256').update(text).digest('hex')}`;
}

/** Makes the new name survive a power cut, where the system can do that for a folder. */
async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path, 'r');
    await folder.sync();
  } catch {
    // The file itself is complete: at worst the old one is back.
  }
}
