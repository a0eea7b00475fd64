import {
  createMetricProducer,
  guardedLogger,
  silentLogger,
  systemClock,
  type Clock,
  type Labels,
  type Logger,
  type MetricProducer,
} from '@tidewatch/core';
import { MetricReader } from '@opentelemetry/sdk-metrics';
import { readerCollectErrors, readerSkippedPoints } from '../metrics.ts';
import type { Store } from '../store/store.ts';
import { requireReaderOptions } from './reader-options.ts';
import { SKIP_REASONS, toSamples, type SkipReason } from './to-samples.ts';

export interface ReaderOptions {
  /** Pause between two collects. @defaultValue 15_000 */
  readonly intervalMs?: number;
  /** Added to what instruments report, such as `metricProducer` of the other packages and of the store. */
  readonly metricProducers?: readonly MetricProducer[];
  /** Put on every series, such as `job` and `instance`. An attribute of that name becomes `exported_…`. */
  readonly labels?: Labels;
  /** The store's axis. Two readers on one store need two. @defaultValue 'opentelemetry' */
  readonly axis?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/**
 * An OpenTelemetry reader that fills a store. Give it to a MeterProvider: that starts it, and shutting the provider
 * down stops it.
 */
export class OpenTelemetryReader extends MetricReader {
  readonly #store: Pick<Store, 'append'>;
  readonly #intervalMs: number;
  readonly #labels: Labels;
  readonly #axis: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #statistics: ReaderStatistics;
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #collecting: Promise<void> | undefined;
  #lastMs = -Infinity;

  constructor(store: Pick<Store, 'append'>, options: ReaderOptions) {
    const { metricProducers = [], clock = systemClock } = options;
    const logger = guardedLogger(options.logger ?? silentLogger);
    const statistics = new ReaderStatistics(logger);
    const own = createMetricProducer({
      scope: '@tidewatch/promql',
      families: () => statistics.families(),
      clock,
    });
    super({ metricProducers: [...metricProducers, own] });
    this.#store = store;
    this.#intervalMs = options.intervalMs ?? 15_000;
    this.#labels = options.labels ?? {};
    this.#axis = options.axis ?? 'opentelemetry';
    this.#clock = clock;
    this.#logger = logger;
    this.#statistics = statistics;
  }

  /** Collects now and stores; joins a collect that is under way. Never rejects: failures are counted and logged. */
  async collectNow(): Promise<void> {
    this.#collecting ??= this.#collect().finally(() => {
      this.#collecting = undefined;
    });
    return this.#collecting;
  }

  protected override onInitialized(): void {
    this.#loop = this.#run();
  }

  protected override async onForceFlush(): Promise<void> {
    await this.collectNow();
  }

  /** The series end here: stale marks keep their last values from standing for the present. */
  protected override async onShutdown(): Promise<void> {
    this.#stop.abort(new Error('the reader is shut down'));
    await this.#loop;
    await this.#collecting;
    if (this.#lastMs === -Infinity) return;
    const endMs = Math.max(Math.trunc(this.#clock.now()), this.#lastMs + 1);
    this.#store.append(endMs, [], { axis: this.#axis });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#clock.sleep(this.#intervalMs, signal);
      } catch {
        return;
      }
      await this.collectNow();
    }
  }

  async #collect(): Promise<void> {
    try {
      const timeMs = this.#collectMs();
      const { resourceMetrics, errors } = await this.collect({ timeoutMillis: this.#intervalMs });
      for (const error of errors) this.#statistics.fail(error);
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
      const { samples, skipped } = toSamples(metrics, this.#labels);
      for (const { metric, reason, points } of skipped) this.#statistics.skip(metric, reason, points);
      // A time that lies behind is for the store to refuse and count.
      this.#store.append(timeMs, samples, { axis: this.#axis });
      this.#lastMs = Math.max(this.#lastMs, timeMs);
    } catch (error) {
      this.#statistics.fail(error);
      this.#logger.debug({ axis: this.#axis }, 'a collect was left out');
    }
  }

  /**
   * Now; just after the last collect when the clock stood still or was corrected by a little.
   *
   * Not when it went back further: what grew in the meantime would seem to have grown in one millisecond.
   */
  #collectMs(): number {
    const nowMs = Math.trunc(this.#clock.now());
    const isCorrection = nowMs <= this.#lastMs && nowMs > this.#lastMs - LARGEST_CORRECTION_MS;
    return isCorrection ? this.#lastMs + 1 : nowMs;
  }
}

const LARGEST_CORRECTION_MS = 1_000;

/** A reader that collects every interval and appends to the store. @throws {@link ConfigError} */
export function openTelemetryReader(
  store: Pick<Store, 'append'>,
  options: ReaderOptions = {},
): OpenTelemetryReader {
  requireReaderOptions(store, options);
  return new OpenTelemetryReader(store, options);
}

/** What the reader could not do, counted always and logged once a cause. */
class ReaderStatistics {
  readonly #logger: Logger;
  readonly #skipped = new Map<SkipReason, number>();
  readonly #logged = new Set<string>();
  #errors = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  skip(metric: string, reason: SkipReason, points: number): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + points);
    this.#once(`${reason} ${metric}`, { metric, reason }, 'a metric cannot be stored as series');
  }

  fail(error: unknown): void {
    this.#errors += 1;
    this.#once(`error ${String(error)}`, { error }, 'a collect reported an error');
  }

  families(): ReturnType<Parameters<typeof createMetricProducer>[0]['families']> {
    const points = SKIP_REASONS.map((reason) => ({
      labels: { reason },
      value: this.#skipped.get(reason) ?? 0,
    }));
    return [
      { definition: readerSkippedPoints, points },
      { definition: readerCollectErrors, points: [{ labels: {}, value: this.#errors }] },
    ];
  }

  #once(key: string, fields: object, message: string): void {
    if (this.#logged.has(key) || this.#logged.size >= 100) return;
    this.#logged.add(key);
    this.#logger.warn(fields, `${message}; further ones are only counted`);
  }
}
