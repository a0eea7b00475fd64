import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes the name of a new file survive a power cut. Systems that cannot do so for a folder are left alone. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(dirname(path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // The file itself is complete: at worst a power cut undoes its rename, and the log is still there.
  }
}
