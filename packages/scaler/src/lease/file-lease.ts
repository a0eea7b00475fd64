import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { holdLease, type Lease, type LeaseOptions } from './hold-lease.ts';
import type { LeaseRecord, LeaseStore, VersionedRecord } from './lease-record.ts';

export interface FileLeaseOptions extends LeaseOptions {
  /** A folder of its own, on a local file system that all contenders see. Made when it is missing. */
  readonly folder: string;
}

/** A lease among processes of one machine. */
export function fileLease(options: FileLeaseOptions): Lease {
  return holdLease(fileLeaseStore(options.folder), options);
}

/**
 * Compare-and-swap with nothing but files: version n is the file `n`, and making a link fails when the name is
 * taken. The highest is what is valid, and is never removed.
 */
export function fileLeaseStore(folder: string): LeaseStore {
  async function versions(): Promise<number[]> {
    const names = await readdir(folder).catch(() => []);
    return names.filter((name) => /^\d+$/.test(name)).map(Number);
  }

  async function read(): Promise<VersionedRecord | undefined> {
    for (;;) {
      const latest = Math.max(0, ...(await versions()));
      if (latest === 0) return undefined;
      try {
        const record = JSON.parse(await readFile(join(folder, String(latest)), 'utf8')) as LeaseRecord;
        return { record, version: String(latest) };
      } catch (error) {
        // Replaced between our two looks: look again.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  async function write(record: LeaseRecord, version: string | undefined): Promise<boolean> {
    await mkdir(folder, { recursive: true });
    const next = Number(version ?? 0) + 1;
    const draft = join(folder, `draft-${randomUUID()}`);
    const place = join(folder, String(next));
    try {
      await writeFile(draft, JSON.stringify(record), { mode: 0o600 });
      await link(draft, place);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
    // Whoever slept so long that `next` had come and gone has just made it again. A higher one tells.
    const all = await versions();
    const isLatest = Math.max(...all) === next;
    const old = all.filter((each) => each < next).concat(isLatest ? [] : [next]);
    await Promise.all(old.map((each) => rm(join(folder, String(each)), { force: true })));
    return isLatest;
  }

  return { read, write };
}
