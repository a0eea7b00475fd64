import type { FixtureSeries } from '../../src/testing/index.ts';
import type { Random } from './random.ts';

/** Where the data begin: a multiple of every step that queries use. */
export const DATA_START_MS: number = 1_700_006_400_000;
/** Within the two hours that a fresh Prometheus takes in any order per series. */
export const DATA_SPAN_MS: number = 100 * 60_000;

const INTERVALS_MS = [15_000, 15_000, 30_000, 60_000, 20_000, 240_000];
const JOBS = ['api', 'batch', 'größe', '𝔘', '｡'];
const INSTANCES = ['0', '1', '2'];
const BOUNDS = ['0.1', '0.5', '1', '2.5', '10', '+Inf'];

/** How the values of one series go on: from the last value to the next. */
type Walk = (last: number, random: Random) => number;

const counter: Walk = (last, random) => (random.chance(0.03) ? random.below(5) : last + random.below(20));
const gauge: Walk = (last, random) => last + (random.next() - 0.5) * 10;
const steps: Walk = (last, random) => (random.chance(0.7) ? last : random.below(5) - 2);
const odd: Walk = (last, random) =>
  random.chance(0.3)
    ? random.pick([Number.NaN, Infinity, -Infinity, 0, -0, 1e300, -1e300, 1e-300, 2 ** 53])
    : (random.next() - 0.5) * 10 ** random.below(12) + (random.chance(0.1) ? last : 0);
const constant: Walk = (last) => last;

/** Counters with resets, gauges, odd numbers, labels to join on and classic histograms, each with gaps and ends of its own. */
export function randomSeries(random: Random): FixtureSeries[] {
  const series: FixtureSeries[] = [];
  const add = (walk: Walk, labels: Record<string, string>): void => {
    series.push({ labels, ...randomPoints(walk, random) });
  };
  for (const job of JOBS) {
    for (const instance of INSTANCES) {
      if (random.chance(0.85)) add(counter, { __name__: 'requests_total', job, instance, code: '200' });
      if (random.chance(0.5)) add(counter, { __name__: 'requests_total', job, instance, code: '500' });
      if (random.chance(0.8)) add(gauge, { __name__: 'temperature', job, instance });
      if (random.chance(0.5)) add(steps, { __name__: 'replicas', job, instance });
      if (random.chance(0.4)) add(odd, { __name__: 'odd', job, instance });
    }
    if (random.chance(0.8)) add(constant, { __name__: 'job_info', job, team: random.pick(['red', 'blue']) });
    if (random.chance(0.4)) series.push(...randomHistogram({ job }, random));
  }
  series.push(...randomHistogram({ job: 'none' }, random));
  add(steps, { __name__: 'alone' });
  add(gauge, { __name__: 'alone', nan: 'no' });
  return series;
}

function randomPoints(walk: Walk, random: Random): Omit<FixtureSeries, 'labels'> {
  const t: number[] = [];
  const v: number[] = [];
  const stale: boolean[] = [];
  const intervalMs = random.pick(INTERVALS_MS);
  const shiftMs = random.chance(0.5) ? 0 : random.below(intervalMs);
  const jitterMs = random.chance(0.3) ? 900 : 1;
  let value = random.chance(0.2) ? 0 : random.below(1000);
  let isGone = random.chance(0.15);
  for (let atMs = shiftMs; atMs < DATA_SPAN_MS; atMs += intervalMs) {
    const wasGone = isGone;
    isGone = random.chance(wasGone ? 0.9 : 0.03);
    // A scrape that fails leaves a gap; a series that ends is marked.
    const isMarked = isGone && !wasGone && random.chance(0.6);
    if (isGone && !isMarked) continue;
    value = walk(value, random);
    t.push(DATA_START_MS + atMs + random.below(jitterMs));
    v.push(value);
    stale.push(isMarked);
  }
  return { t, v, stale };
}

function randomHistogram(labels: Record<string, string>, random: Random): FixtureSeries[] {
  const { t, stale } = randomPoints(constant, random);
  const counts = BOUNDS.map(() => 0);
  const columns = BOUNDS.map((): number[] => []);
  for (const _ of t) {
    const isReset = random.chance(0.02);
    for (const at of counts.keys()) {
      const grown = isReset ? 0 : (counts[at] as number) + random.below(3);
      // Each bucket holds those below it; at times one does not, as with a torn scrape.
      counts[at] = at === 0 || random.chance(0.01) ? grown : Math.max(grown, counts[at - 1] as number);
      columns[at]?.push(counts[at]);
    }
  }
  return BOUNDS.map((le, at) => ({
    labels: { __name__: 'latency_seconds_bucket', ...labels, le },
    t,
    v: columns[at] as number[],
    stale: stale as boolean[],
  }));
}
