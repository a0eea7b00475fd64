import {
  createMetricProducer,
  systemClock,
  type Clock,
  type InstantQuery,
  type MetricProducer,
  type QueryOptions,
  type QueryRange,
  type RangeQuery,
  type Sample,
} from '@tidewatch/core';
import { PromqlError } from '../errors.ts';
import { typeName, typeOf } from '../language/value-type.ts';
import { Annotations } from './annotations.ts';
import { Budget, type QueryLimits } from './budget.ts';
import { requireEngineOptions } from './engine-options.ts';
import { evaluate } from './evaluate.ts';
import type { NameRemoval } from './evaluation.ts';
import { gridOf, type Grid } from './grid.ts';
import { removeNames, removeRunNames } from './merge-columns.ts';
import { ParsedQueries } from './parsed-queries.ts';
import { QueryStatistics } from './query-statistics.ts';
import { instantValue, rangeValue, type InstantResult, type RangeResult, type Remarks } from './results.ts';
import type { SampleSource } from './sample-source.ts';
import type { Value } from './value.ts';

export interface EngineOptions {
  /** Where samples come from: the store, or anything with its method `select`. */
  readonly store: SampleSource;
  /** What one query may touch, and how long it may take. @defaultValue those of {@link QueryLimits} */
  readonly limits?: QueryLimits;
  /** How long a sample stands for the present. @defaultValue 300_000 */
  readonly lookbackMs?: number;
  /**
   * When functions drop the name of a metric: at once, or at the end of the query.
   *
   * @defaultValue 'eager', as a stock Prometheus server
   */
  readonly nameRemoval?: NameRemoval;
  /** Allows functions and durations that Prometheus itself calls experimental. @defaultValue false */
  readonly experimental?: boolean;
  readonly clock?: Clock;
}

/** What one query may say for itself. */
export interface EngineQueryOptions extends QueryOptions {
  /** Shorter than `limits.timeoutMs` of the engine; a longer one changes nothing. */
  readonly timeoutMs?: number | undefined;
  /** Instead of `lookbackMs` of the engine. */
  readonly lookbackMs?: number | undefined;
}

/** Evaluates PromQL over a store, inside the process. */
export interface Engine {
  /** @throws {@link PromqlError} when there is no answer. */
  instant(expr: string, atMs: number, options?: EngineQueryOptions): Promise<InstantResult>;
  /** @throws {@link PromqlError} when there is no answer. */
  range(expr: string, range: QueryRange, options?: EngineQueryOptions): Promise<RangeResult>;
  /** The shape that alerts, scaler and dashboard take. A scalar is one sample without labels. */
  readonly query: InstantQuery;
  readonly queryRange: RangeQuery;
  /** Publishes `tidewatch_query_*`. */
  readonly metricProducer: MetricProducer;
}

const DEFAULT_SUBQUERY_STEP_MS = 60_000;

/** An engine that reads `store`. Queries of one engine may run side by side. */
export function createEngine(options: EngineOptions): Engine {
  requireEngineOptions(options);
  const { store, limits = {}, lookbackMs = 300_000, nameRemoval = 'eager', experimental = false } = options;
  const { clock = systemClock } = options;
  const { maxSamples = 20_000_000, maxSteps = 11_000, timeoutMs = 10_000 } = limits;
  const statistics = new QueryStatistics(clock);
  const queries = new ParsedQueries();

  async function run(
    text: string,
    grid: Grid,
    endMs: number,
    { signal, timeoutMs: wantedMs = Infinity, lookbackMs: ownLookbackMs = lookbackMs }: EngineQueryOptions,
  ): Promise<{ value: Value; budget: Budget } & Remarks> {
    signal?.throwIfAborted();
    const expr = queries.get(text);
    const type = typeOf(expr);
    if (grid.count > 1 && type !== 'scalar' && type !== 'vector') {
      const expected = 'must be Scalar or instant Vector';
      throw new PromqlError(
        'parse',
        `invalid expression type "${typeName(type)}" for range query, ${expected}`,
      );
    }
    const budgetMs = Math.min(timeoutMs, wantedMs);
    const budget = new Budget({ maxSamples, maxSteps, timeoutMs: budgetMs }, clock, signal);
    const annotations = new Annotations(text);
    // `@ end()` is the end that was asked for, also when no step falls on it.
    const query = { startMs: grid.startMs, endMs, stepMs: grid.count === 1 ? 0 : grid.stepMs };
    try {
      const value = await evaluate(expr, {
        text,
        source: store,
        grid,
        query,
        lookbackMs: ownLookbackMs,
        subqueryStepMs: DEFAULT_SUBQUERY_STEP_MS,
        maxSteps,
        nameRemoval,
        experimental,
        budget,
        annotations,
        evaluate,
      });
      budget.checkTime();
      const { warnings, infos } = annotations;
      return { value: withNamesRemoved(value), budget, warnings, infos };
    } finally {
      statistics.read(budget.samples);
    }
  }

  const instant: Engine['instant'] = (expr, atMs, queryOptions = {}) =>
    statistics.observe('instant', queryOptions.signal, async () => {
      const startMs = requireTime('atMs', atMs);
      const grid = { startMs, stepMs: 1, count: 1 };
      const { value, budget, warnings, infos } = await run(expr, grid, startMs, queryOptions);
      return { ...(await instantValue(value, startMs, budget)), warnings, infos };
    });

  const range: Engine['range'] = (expr, span, queryOptions = {}) =>
    statistics.observe('range', queryOptions.signal, async () => {
      const grid = requireGrid(span, maxSteps);
      const { value, budget, warnings, infos } = await run(expr, grid, Math.round(span.endMs), queryOptions);
      return { resultType: 'matrix', result: await rangeValue(value, grid, budget), warnings, infos };
    });

  return {
    instant,
    range,
    query: async (expr, atMs, queryOptions) => asVector(await instant(expr, atMs, queryOptions), expr),
    queryRange: async (expr, span, queryOptions) => (await range(expr, span, queryOptions)).result,
    metricProducer: createMetricProducer({
      scope: '@tidewatch/promql',
      families: () => statistics.families(),
      clock,
    }),
  };
}

/** Samples stand at whole milliseconds, and so do queries. */
function requireTime(name: string, timeMs: number): number {
  const whole = Math.round(timeMs);
  if (Number.isSafeInteger(whole)) return whole;
  const expected = 'expected milliseconds since 1970';
  throw new PromqlError('parse', `${name}: ${expected}, got ${timeMs}`);
}

function requireGrid({ startMs, endMs, stepMs }: QueryRange, maxSteps: number): Grid {
  const from = requireTime('startMs', startMs);
  const to = requireTime('endMs', endMs);
  if (!(stepMs > 0) || stepMs === Infinity) {
    const problem = 'zero or negative query resolution step widths are not accepted';
    throw new PromqlError('parse', `${problem}: stepMs is ${stepMs}`);
  }
  if (to < from) throw new PromqlError('parse', 'end timestamp must not be before start time');
  const grid = gridOf(from, to, stepMs);
  if (grid.count > maxSteps) {
    const problem = `${grid.count} points per series exceed the maximum of ${maxSteps}`;
    throw new PromqlError('limit', `${problem}; try decreasing the query resolution (a longer stepMs)`);
  }
  return grid;
}

function withNamesRemoved(value: Value): Value {
  if (value.type === 'vector') return { ...value, columns: removeNames(value.columns) };
  if (value.type === 'matrix') return { ...value, runs: removeRunNames(value.runs) };
  return value;
}

function asVector(answer: InstantResult, expr: string): readonly Sample[] {
  if (answer.resultType === 'vector') return answer.result;
  if (answer.resultType === 'scalar') return [{ labels: {}, ...answer.result }];
  const expected = 'expected an instant vector or a scalar';
  throw new PromqlError('parse', `${expected}, got ${answer.resultType}: ${expr.slice(0, 100)}`);
}
