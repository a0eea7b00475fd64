import type * as FileSystem from 'node:fs';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { labelSet } from '../../labels/label-set.ts';
import type { Collect } from '../collect.ts';
import { readWal } from './read-wal.ts';

/** What the file system does instead, in this order. */
const faults = vi.hoisted(() => ({ write: [] as ('half' | 'full')[], truncate: 0 }));

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  const noSpace = (): never => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC', syscall: 'write' });
  };
  return {
    ...real,
    writeSync(fd: number, bytes: Buffer, at: number): number {
      const fault = faults.write.shift();
      if (fault === 'full') return noSpace();
      return fault === 'half'
        ? real.writeSync(fd, bytes, at, bytes.length >> 1)
        : real.writeSync(fd, bytes, at);
    },
    ftruncateSync(fd: number, length: number): void {
      if (faults.truncate > 0) {
        faults.truncate -= 1;
        noSpace();
      }
      real.ftruncateSync(fd, length);
    },
  };
});

// The files of one worker share their modules: this one needs its own, and leaves none behind.
vi.resetModules();
const { Wal } = await import('./wal.ts');
afterAll(() => vi.resetModules());

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidewatch-wal-'));
  path = join(folder, '1.wal');
  Object.assign(faults, { write: [], truncate: 0 });
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function collectOf(timeMs: number): Collect {
  const labels = labelSet([['__name__', `m${timeMs}`]]);
  return { axisId: 'default', timeMs, series: [labels], values: [timeMs], ended: [] };
}

function timesIn(file: string): { times: number[]; cutBytes: number | undefined } {
  const times: number[] = [];
  const contents = readWal(file, ({ timeMs }) => times.push(timeMs));
  return { times, cutBytes: contents?.cutBytes };
}

it('writes the rest when the file system takes only a part', async () => {
  const wal = new Wal({ path, onSyncError: () => undefined });
  faults.write = ['half', 'half'];
  wal.append(collectOf(1));
  await wal.close();
  expect(timesIn(path)).toEqual({ times: [1], cutBytes: 0 });
  expect(wal.bytes).toBe(statSync(path).size);
});

it('takes half a record back when the disk fills up in the middle of it', async () => {
  const wal = new Wal({ path, onSyncError: () => undefined });
  wal.append(collectOf(1));
  faults.write = ['half', 'full'];
  expect(() => wal.append(collectOf(2))).toThrow('no space left');
  expect(wal.isBroken).toBe(false);
  wal.append(collectOf(3));
  await wal.close();
  expect(timesIn(path)).toEqual({ times: [1, 3], cutBytes: 0 });
});

it('is broken when half a record cannot be taken back', async () => {
  const wal = new Wal({ path, onSyncError: () => undefined });
  wal.append(collectOf(1));
  faults.write = ['half', 'full'];
  faults.truncate = 1;
  expect(() => wal.append(collectOf(2))).toThrow('no space left');
  expect(wal.isBroken).toBe(true);
  await wal.close();
  const { times, cutBytes } = timesIn(path);
  expect(times).toEqual([1]);
  expect(cutBytes).toBeGreaterThan(0);
});
