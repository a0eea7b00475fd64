// What 5,000 series cost: memory of the head, bytes a sample on disk, and the start over 15 days of them.
//
//   pnpm --filter @tidewatch/promql run bench:store
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { COLLECT_MS, ServiceMetrics } from '../../../bench/support/promql/service-metrics.ts';
import { report } from '../../../bench/support/report.ts';
import { createStore } from '../src/index.ts';
import { restamp } from './support/restamp.ts';

const SEGMENT_MS = 2 * 3_600_000;
const SEGMENTS = 15 * 12;
const HEAD_COLLECTS = 3 * 240;

const metrics = new ServiceMetrics();
const samplesACollect = metrics.sources.length;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Everything the process holds that the store could be the reason for. */
function heldBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function headBytes(): Promise<number> {
  const before = heldBytes();
  await using store = await createStore();
  for (let at = 0; at < HEAD_COLLECTS; at++) store.append(at * COLLECT_MS, metrics.collect(at * COLLECT_MS));
  return heldBytes() - before;
}

const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-size-'));
try {
  const head = await headBytes();

  const first = await createStore({ dataDir });
  for (let at = 0; at <= SEGMENT_MS / COLLECT_MS; at++) {
    first.append(at * COLLECT_MS, metrics.collect(at * COLLECT_MS));
    await nextTurn();
  }
  await first.close();
  const segment = (await readdir(dataDir)).find((name) => name.endsWith('.seg'));
  const path = join(dataDir, segment ?? '');
  const { size } = await stat(path);
  await rm(join(dataDir, '00000002.wal'));
  for (let number = 2; number <= SEGMENTS; number++) {
    restamp(path, join(dataDir, `${String(number).padStart(8, '0')}.seg`), (number - 1) * SEGMENT_MS);
  }

  const beforeMs = performance.now();
  const store = await createStore({ dataDir });
  const openMs = performance.now() - beforeMs;
  const opened = heldBytes();
  let selected = 0;
  const queriedMs = performance.now();
  const name = { name: '__name__', operator: '=', value: 'predictions_total' } as const;
  const lastMs = SEGMENTS * SEGMENT_MS;
  for await (const { times } of store.select([name], lastMs / 2, lastMs / 2 + SEGMENT_MS))
    selected += times.length;
  const selectMs = performance.now() - queriedMs;
  await store.close();

  report({
    name: 'promql-store',
    title: 'promql: the size of the store',
    rows: [
      { what: 'head of 5,000 series × 3 h', unit: 'B', here: head },
      { what: '1,000 samples in a segment', unit: 'B', here: (1_000 * size) / (480 * samplesACollect) },
      { what: '15 days of 5,000 series on disk', unit: 'B', here: size * SEGMENTS },
      { what: 'opening them', unit: 'ms', here: openMs },
      { what: 'memory of the process then', unit: 'B', here: opened },
      { what: `first read of ${selected} samples in the middle`, unit: 'ms', here: selectMs },
    ],
    notes: [
      '55 % histogram buckets, 25 % counters, 20 % gauges, every 15 s. Memory: heap and array buffers after a collection.',
      'The 180 segments hold the values of one, each with times of its own: a start reads no values.',
    ],
  });
} finally {
  await rm(dataDir, { recursive: true, force: true });
}
