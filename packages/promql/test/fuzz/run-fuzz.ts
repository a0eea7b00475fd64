import { engineOver, type FixtureEngine, type FixtureSeries } from '../../src/testing/index.ts';
import { compareAnswers, type Answer, type Difference } from './compare-answers.ts';
import { intendedDifference } from './intended-differences.ts';
import { startPrometheusServer, type PrometheusServer } from './prometheus-server.ts';
import { randomQuery, type FuzzQuery } from './random-query.ts';
import { randomSeries } from './random-series.ts';
import { createRandom } from './random.ts';
import { remoteWrite } from './remote-write.ts';
import { shrink } from './shrink.ts';

export interface FuzzOptions {
  readonly queries: number;
  readonly seed: number;
  /** Told after each round how far the run is. */
  readonly onProgress?: (done: number, report: FuzzReport) => void;
}

/** A query that the two answer differently. */
export interface Mismatch {
  readonly kind: Difference;
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
  /** By the name in the table of intended differences. */
  readonly intended: Readonly<Record<string, number>>;
  readonly mismatches: readonly Mismatch[];
}

const QUERIES_PER_ROUND = 1000;

/** Asks both engines the same random questions over the same random series; each round has series of its own. */
export async function runFuzz({ queries, seed, onProgress }: FuzzOptions): Promise<FuzzReport> {
  const report = { seed, passed: 0, bothFailed: 0, intended: {} as Record<string, number>, mismatches: [] as Mismatch[] };
  for (let done = 0, round = 0; done < queries; round++) {
    const size = Math.min(QUERIES_PER_ROUND, queries - done);
    await runRound(seed * 1_000 + round, size, report);
    done += size;
    onProgress?.(done, report);
  }
  return report;
}

async function runRound(
  roundSeed: number,
  size: number,
  report: { passed: number; bothFailed: number; intended: Record<string, number>; mismatches: Mismatch[] },
): Promise<void> {
  const random = createRandom(roundSeed);
  const series = randomSeries(random);
  const isDelayed = roundSeed % 2 === 1;
  await using server = await startPrometheusServer([
    'promql-experimental-functions',
    ...(isDelayed ? ['promql-delayed-name-removal'] : []),
  ]);
  const pair = await openPair(series, server, isDelayed ? 'delayed' : 'eager');

  for (let at = 0; at < size; at++) {
    const query = randomQuery(random);
    const { ours, theirs, kind } = await pair(query);
    if (kind === undefined) {
      report.passed += 1;
      if ('error' in ours) report.bothFailed += 1;
      continue;
    }
    const intended = intendedDifference(query, ours, theirs);
    if (intended !== undefined) {
      report.intended[intended] = (report.intended[intended] ?? 0) + 1;
      continue;
    }
    const shrunk = await shrink(query.expr, async (expr) => {
      const again = { ...query, expr };
      const answers = await pair(again);
      return answers.kind === kind && intendedDifference(again, answers.ours, answers.theirs) === undefined;
    });
    const { ours: mine, theirs: other } = await pair({ ...query, expr: shrunk });
    report.mismatches.push({ kind, roundSeed, query, shrunk, ours: mine, theirs: other });
  }
}

type Pair = (query: FuzzQuery) => Promise<{ ours: Answer; theirs: Answer; kind: Difference | undefined }>;

async function openPair(
  series: readonly FixtureSeries[],
  server: PrometheusServer,
  nameRemoval: 'eager' | 'delayed',
): Promise<Pair> {
  await remoteWrite(server.url, series);
  const engine = engineOver(series, { nameRemoval, experimental: true, limits: { timeoutMs: 60_000 } });
  return async (query) => {
    const [ours, theirs] = await Promise.all([askOurs(engine, query), askTheirs(server, query)]);
    return { ours, theirs, kind: compareAnswers(ours, theirs, isOrdered(query)) };
  };
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
