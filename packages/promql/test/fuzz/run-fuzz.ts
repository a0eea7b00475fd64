import { engineOver, type FixtureEngine, type FixtureSeries } from '../../src/testing/index.ts';
import { compareAnswers, type Answer, type Difference } from './compare-answers.ts';
import { intendedDifference } from './intended-differences.ts';
import { withNoise } from './last-digits.ts';
import { startPrometheusServer, type PrometheusServer } from './prometheus-server.ts';
import { randomQuery, type FuzzQuery } from './random-query.ts';
import { randomSeries } from './random-series.ts';
import { createRandom, type Random } from './random.ts';
import { remoteWrite } from './remote-write.ts';
import { shrink } from './shrink.ts';
import { storedEngine } from './stored-engine.ts';

export interface FuzzOptions {
  readonly queries: number;
  readonly seed: number;
  /** Told after each round how far the run is. */
  readonly onProgress?: (done: number, report: FuzzReport) => void;
}

/** A query that the two answer differently. */
export interface Mismatch {
  readonly difference: Difference;
  /** Draws the series again. */
  readonly roundSeed: number;
  readonly query: FuzzQuery;
  /** The shortest expression found that still differs. */
  readonly shrunk: string;
  readonly ours: Answer;
  readonly theirs: Answer;
}

export interface FuzzReport {
  readonly seed: number;
  readonly passed: number;
  /** Passed because both fail. */
  readonly bothFailed: number;
  /** Passed because both found no series. */
  readonly bothEmpty: number;
  /** By the name in the table of intended differences. */
  readonly intended: Readonly<Record<string, number>>;
  readonly mismatches: readonly Mismatch[];
}

/** A report in the making. */
type Tally = { -readonly [K in keyof FuzzReport]: FuzzReport[K] } & {
  intended: Record<string, number>;
  mismatches: Mismatch[];
};

const QUERIES_PER_ROUND = 1000;

/** Asks both engines the same random questions over the same random series; each round has series of its own. */
export async function runFuzz({ queries, seed, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const report: Tally = { seed, passed: 0, bothFailed: 0, bothEmpty: 0, intended: {}, mismatches: [] };
  for (let done = 0, round = 0; done < queries; round++) {
    const size = Math.min(QUERIES_PER_ROUND, queries - done);
    await runRound(seed * 1_000 + round, size, report);
    done += size;
    onProgress?.(done, report);
  }
  return report;
}

async function runRound(roundSeed: number, size: number, report: Tally): Promise<void> {
  const random = createRandom(roundSeed);
  const series = randomSeries(random);
  const isDelayed = roundSeed % 2 === 1;
  const features = ['promql-experimental-functions', ...(isDelayed ? ['promql-delayed-name-removal'] : [])];
  await using server = await startPrometheusServer({
    flags: [
      '--storage.tsdb.retention.time=100y',
      '--web.enable-remote-write-receiver',
      `--enable-feature=${features.join(',')}`,
    ],
  });
  const judge = await openJudge(series, server, isDelayed ? 'delayed' : 'eager', random);

  for (let at = 0; at < size; at++) {
    const query = randomQuery(random);
    const verdict = await judge(query);
    if (verdict.difference === undefined) {
      report.passed += 1;
      if ('error' in verdict.ours) report.bothFailed += 1;
      else if (verdict.ours.data.result.length === 0) report.bothEmpty += 1;
    } else if (verdict.reason === undefined) {
      report.mismatches.push({ roundSeed, query, ...(await smallest(query, verdict, judge)) });
    } else {
      report.intended[verdict.reason] = (report.intended[verdict.reason] ?? 0) + 1;
    }
  }
}

interface Verdict {
  readonly ours: Answer;
  readonly theirs: Answer;
  readonly difference: Difference | undefined;
  /** Why the difference is no fault. */
  readonly reason?: string | undefined;
}

type Judge = (query: FuzzQuery) => Promise<Verdict>;

async function openJudge(
  series: readonly FixtureSeries[],
  server: PrometheusServer,
  nameRemoval: 'eager' | 'delayed',
  random: Random,
): Promise<Judge> {
  await remoteWrite(server.url, series);
  const options = { nameRemoval, experimental: true, limits: { timeoutMs: 60_000 } } as const;
  const engine = await storedEngine(series, options);
  const shuffled = Array.from({ length: 12 }, () => engineOver(random.shuffle(series), options));

  /** Which of equals `topk` takes, and how sums round, hangs on an order of series that nobody promises. */
  async function hangsOnOrder(query: FuzzQuery, ours: Answer, theirs: Answer): Promise<boolean> {
    for (const other of shuffled) {
      if (compareAnswers(await askOurs(other, query), ours, false) !== undefined) return true;
      // The reference itself takes series of a range query in an order that changes from time to time.
      if (compareAnswers(await askTheirs(server, query), theirs, false) !== undefined) return true;
    }
    return false;
  }

  async function hangsOnLastDigits(query: FuzzQuery, ours: Answer): Promise<boolean> {
    const expr = withNoise(query.expr);
    if (expr === undefined) return false;
    return compareAnswers(await askOurs(engine, { ...query, expr }), ours, false) !== undefined;
  }

  async function reasonOf(query: FuzzQuery, ours: Answer, theirs: Answer): Promise<string | undefined> {
    const intended = intendedDifference(query, ours, theirs);
    if (intended !== undefined) return intended;
    if (await hangsOnLastDigits(query, ours)) return 'last digits of a function';
    return (await hangsOnOrder(query, ours, theirs)) ? 'order of series' : undefined;
  }

  return async (query) => {
    const [ours, theirs] = await Promise.all([askOurs(engine, query), askTheirs(server, query)]);
    const difference = compareAnswers(ours, theirs, isOrdered(query));
    if (difference === undefined) return { ours, theirs, difference };
    return { ours, theirs, difference, reason: await reasonOf(query, ours, theirs) };
  };
}

/** The shortest expression that still shows this kind of difference, and what both say to it. */
async function smallest(
  query: FuzzQuery,
  { ours, theirs, difference }: Verdict,
  judge: Judge,
): Promise<Omit<Mismatch, 'roundSeed' | 'query'>> {
  let found = { shrunk: query.expr, difference: difference as Difference, ours, theirs };
  await shrink(query.expr, async (expr) => {
    const verdict = await judge({ ...query, expr });
    if (verdict.difference?.kind !== found.difference.kind || verdict.reason !== undefined) return false;
    found = { shrunk: expr, difference: verdict.difference, ours: verdict.ours, theirs: verdict.theirs };
    return true;
  });
  return found;
}

async function askOurs(engine: FixtureEngine, { expr, startMs, endMs, stepMs }: FuzzQuery): Promise<Answer> {
  const asked =
    stepMs === undefined ? engine.instant(expr, startMs) : engine.range(expr, startMs, endMs, stepMs);
  return asAnswer(asked);
}

async function askTheirs(server: PrometheusServer, query: FuzzQuery): Promise<Answer> {
  const { expr, startMs, endMs, stepMs } = query;
  const asked =
    stepMs === undefined
      ? server.ask('query', { query: expr, time: seconds(startMs) })
      : server.ask('query_range', {
          query: expr,
          start: seconds(startMs),
          end: seconds(endMs),
          step: seconds(stepMs),
        });
  return asAnswer(asked);
}

async function asAnswer(asked: Promise<Extract<Answer, { data: unknown }>['data']>): Promise<Answer> {
  return asked.then(
    (data) => ({ data }),
    (error: unknown) => ({ error: (error as Error).message }),
  );
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Only these promise an order, and only of an instant query. */
function isOrdered({ expr, stepMs }: FuzzQuery): boolean {
  return stepMs === undefined && /^(?:sort|sort_desc|topk|bottomk)\(/.test(expr);
}
