// Bytes a sample on disk, and the times of writing, opening and reading, on the mix of a service: 55 % histogram
// buckets, 25 % counters, 20 % gauges.
//
//   pnpm --filter @tidewatch/promql run bench:store --series 5000 --hours 8
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createStore, type StoreSample } from '../src/index.ts';

const { values } = parseArgs({
  options: { series: { type: 'string', default: '5000' }, hours: { type: 'string', default: '8' } },
});
const seriesCount = Number(values.series);
const collects = Number(values.hours) * 240;

let seed = 1;
function random(): number {
  seed = (seed * 16_807) % 2_147_483_647;
  return seed / 2_147_483_647;
}

const labels = Array.from({ length: seriesCount }, (_, at) => ({
  __name__: at % 20 < 11 ? 'duration_seconds_bucket' : at % 20 < 16 ? 'requests_total' : 'utilization',
  model: `model-${at % 7}`,
  instance: `10.0.0.${at % 50}:9090`,
  le: at % 20 < 11 ? String((at % 20) / 10) : '',
  route: `/route/${Math.floor(at / 20)}`,
}));
const state = new Float64Array(seriesCount);

function collect(): StoreSample[] {
  return labels.map((each, at) => {
    const kind = at % 20;
    const before = state[at] as number;
    // Half of the counters are quiet at any moment; gauges are rounded to a thousandth, or full doubles.
    if (kind < 16) state[at] = before + (random() < 0.5 ? 0 : Math.floor(random() * (kind < 11 ? 8 : 60)));
    else if (kind === 19) state[at] = random();
    else state[at] = Math.round(1_000 * Math.min(1, Math.max(0, before + (random() - 0.5) / 50))) / 1_000;
    return { labels: each, value: state[at] };
  });
}

const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-bytes-'));
try {
  const store = await createStore({ dataDir });
  const appendMs: number[] = [];
  for (let at = 0; at < collects; at++) {
    const samples = collect();
    const beforeMs = performance.now();
    store.append(at * 15_000, samples);
    appendMs.push(performance.now() - beforeMs);
    await nextTurn();
  }
  const closeMs = await timed(() => store.close());

  const names = (await readdir(dataDir)).filter((name) => name.endsWith('.seg'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(dataDir, name))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  let opened = store;
  const openMs = await timed(async () => {
    opened = await createStore({ dataDir });
  });
  const segmentHours = 2;
  const query = [{ name: '__name__', operator: '=', value: 'requests_total' } as const];
  const readMs = await timed(async () => {
    opened.select(query, -1, segmentHours * 3_600_000);
  });
  await opened.close();
  appendMs.sort((a, b) => a - b);
  console.table({
    'bytes a sample': (bytes / (names.length * 480 * seriesCount)).toFixed(2),
    segments: names.length,
    'append, p50 ms': appendMs[Math.floor(collects / 2)]?.toFixed(2),
    'append, p99 ms': appendMs[Math.floor(collects * 0.99)]?.toFixed(2),
    'close, ms': closeMs.toFixed(0),
    'open, ms': openMs.toFixed(0),
    [`read ${seriesCount / 4} series of one segment, ms`]: readMs.toFixed(0),
  });
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beforeMs = performance.now();
  await work();
  return performance.now() - beforeMs;
}
