import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import { silentLogger } from '@tidewatch/core';
import { createStore } from '../src/index.ts';
import { all } from './all.ts';

const LIMIT_BYTES = 4_096;

// A limit on files is the one full disk that every machine has: what fits of a record is written, and then no more.
it.skipIf(process.platform === 'win32')(
  'takes back the half of a collect that still fitted on the disk',
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tidewatch-full-'));
    try {
      const writer = fileURLToPath(new URL('full/writer.ts', import.meta.url));
      const script = `ulimit -f ${LIMIT_BYTES / 512}; exec "$@"`;
      const command = [process.execPath, '--conditions=@tidewatch/source', writer, dataDir];
      const { stdout } = await promisify(execFile)('sh', ['-c', script, 'sh', ...command]);
      expect(JSON.parse(stdout)).toEqual({ held: Array.from({ length: 10 }, () => 200), warnings: 1 });
      expect(statSync(join(dataDir, '00000001.wal')).size).toBeLessThan(LIMIT_BYTES);

      const logger = { ...silentLogger, warn: vi.fn() };
      await using store = await createStore({ dataDir, logger });
      const [first] = await all(store.select([], 0, 1e9));
      expect(first?.times[0]).toBe(1_000);
      expect(first?.times.length).toBeGreaterThan(10);
      expect(logger.warn).not.toHaveBeenCalled(); // there is no tail to cut
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
);
