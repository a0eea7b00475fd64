import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createAlerting, defaultRulesYaml, loadRules, type Alerting } from '@tidewatch/alerts';
import {
  ConfigError,
  createClassifierMonitor,
  firstHandler,
  guardedLogger,
  openMetricsHandler,
  publishToMeter,
  requestMetrics,
  silentLogger,
  systemClock,
  type ClassifierMonitor,
  type Disposable,
  type InstantQuery,
  type NodeHandler,
  type RangeQuery,
  type RequestMetrics,
} from '@tidewatch/core';
import { createDashboard } from '@tidewatch/dashboard';
import { createGpuMonitor, createHostMonitor, type GpuMonitor } from '@tidewatch/gpu';
import { createApi, createEngine, createStore, openTelemetryReader } from '@tidewatch/promql';
import { createAutoscaler, fileStateStore, type Autoscaler } from '@tidewatch/scaler';
import { join } from 'node:path';
import { createAlertsApi } from './alerts-api/alerts-api.ts';
import { gpuNotice, missingGpuSeries } from './gpu-absence.ts';
import { guardedHandler } from './http/guarded-handler.ts';
import { metricDefinitions, otherDefinitions } from './metric-definitions.ts';
import { openParts, type OpenParts } from './open-parts.ts';
import { checkQueries, rulesWithReadableExpressions } from './options/check-expressions.ts';
import { checkOptions } from './options/check-options.ts';
import type { TidewatchOptions } from './options/tidewatch-options.ts';

/** Everything that the preset started. Each part is the part itself: its own package documents it. */
export interface Tidewatch extends Disposable {
  /** What the service tells its predictions and labels to. */
  readonly monitor: ClassifierMonitor;
  /** Middleware that counts and times every request. */
  readonly requests: RequestMetrics;
  /**
   * Serves `/monitor`, `/metrics`, `/api/v1/*`, alerts and silences below `/api/v2`, `/-/healthy`, `/-/ready` and
   * `/api/health`, and hands every other path on. A middleware for Express, a listener for node:http.
   */
  readonly handler: NodeHandler;
  /** Evaluates PromQL at one time, in the embedded store or in the given source. */
  readonly query: InstantQuery;
  /** The same over a range of times. */
  readonly queryRange: RangeQuery;
  /** Rules at work, already started. */
  readonly alerting: Alerting;
  /** Already started. Absent without `autoscaling`. */
  readonly autoscaler: Autoscaler | undefined;
  /** Says what GPUs there are, or why there are none. */
  readonly gpu: GpuMonitor;
}

/**
 * Puts the parts together in one process: measures, stores, alerts, scales and shows.
 *
 * @throws {@link ConfigError} for an option or a file that cannot be used; nothing is left running then.
 */
export async function createTidewatch(options: TidewatchOptions): Promise<Tidewatch> {
  checkOptions(options);
  const logger = guardedLogger(options.logger ?? silentLogger);
  const parts = openParts(logger);
  try {
    return await assemble({ ...options, logger }, parts);
  } catch (error) {
    await parts.close();
    throw error;
  }
}

async function assemble(
  options: TidewatchOptions & { readonly logger: NonNullable<TidewatchOptions['logger']> },
  parts: OpenParts,
): Promise<Tidewatch> {
  const { source, labels, alerting: alertingOptions, autoscaling, gpu: gpuOptions, ...others } = options;
  const {
    collectIntervalMs = 5_000,
    access = 'loopback',
    locale = 'en',
    dataDir,
    ...monitorOptions
  } = others;
  const { model, clock = systemClock, logger, meter } = monitorOptions;
  const common = { clock, logger };
  const observed = { ...common, ...(meter !== undefined && { meter }) };
  const close = (part: Disposable): Promise<void> => part.close();

  // First what only looks at its options, so that a fault is found before a process or a timer is there.
  const monitor = createClassifierMonitor(monitorOptions);
  const requests = requestMetrics({ clock });
  const store = parts.add(await createStore(dataDir === undefined ? common : { dataDir, ...common }), close);
  const engine = createEngine({ store });
  const { query, queryRange } = source ?? engine;
  const rules = alertingOptions?.rules ?? loadRules(defaultRulesYaml(locale), { source: 'default rules' });
  if (source === undefined && autoscaling !== undefined) checkQueries(autoscaling.config);
  const alerting = parts.add(
    await createAlerting({
      route: { receiver: 'nobody' },
      receivers: { nobody: [] },
      store: dataDir === undefined ? 'memory' : { dir: join(dataDir, 'alerts') },
      ...alertingOptions,
      rules: source === undefined ? rulesWithReadableExpressions(rules) : rules,
      query,
      locale,
      onSeries: (samples, atMs, ruleKey) => store.append(atMs, samples, { axis: `rule ${ruleKey}` }),
      ...observed,
    }).catch(aboutDataDir(dataDir !== undefined && alertingOptions?.store === undefined)),
    close,
  );

  const gpu = parts.add(await createGpuMonitor({ ...gpuOptions, locale, ...common }), close);
  const host = parts.add(createHostMonitor(common), close);
  const unavailable = missingGpuSeries(gpu, locale);
  const autoscaler =
    autoscaling &&
    createAutoscaler({
      ...(dataDir !== undefined && { stateStore: fileStateStore(join(dataDir, 'autoscaler', 'state')) }),
      history: queryRange,
      ...autoscaling,
      query,
      locale,
      unavailable,
      ...observed,
    });

  if (meter !== undefined) {
    // The parts above do so by themselves.
    for (const { metricProducer: producer } of [requests, gpu, host, store, engine])
      parts.add(publishToMeter({ meter, producer, definitions: otherDefinitions, clock }), async (end) =>
        end(),
      );
  }
  const measuring = [monitor, requests, gpu, host, store, engine, alerting];
  const metricProducers = [...measuring, ...(autoscaler ? [autoscaler] : [])].map(
    ({ metricProducer }) => metricProducer,
  );
  const reader = openTelemetryReader(store, {
    intervalMs: collectIntervalMs,
    metricProducers,
    labels: labels ?? { job: model, instance: 'local' },
    ...common,
  });
  parts.add(new MeterProvider({ readers: [reader] }), async (provider) => provider.shutdown());
  // Once more, to be closed before what it asks: an alert must not resolve because its metrics were closed first.
  parts.add(alerting, close).start();
  if (autoscaler) parts.add(autoscaler, close).start();

  const page = createDashboard({
    query,
    queryRange,
    alerts: () => alerting.alerts(),
    notices: () => gpuNotice(gpu),
    locale,
    title: `Tidewatch · ${model}`,
    sampleIntervalMs: collectIntervalMs,
    refreshMs: Math.max(1_000, collectIntervalMs),
    ...(autoscaler && { decisions: () => autoscaler.decisions() }),
    ...common,
  });
  const api = createApi({
    engine,
    store,
    metrics: metricDefinitions,
    rules: () => alerting.rules(),
    alerts: () => ({ alerts: presentAlerts(alerting) }),
    // Behind the guard of the handler, which asks the option access.
    authorize: () => true,
    clock,
  });
  const metrics = openMetricsHandler(metricProducers, { path: '/metrics', ...common });
  const alerts = createAlertsApi({ alerting, clock });
  const mounts = { page, api: firstHandler([metrics, api]), alerts };

  return {
    monitor,
    requests,
    handler: guardedHandler(mounts, { access, locale, logger }),
    query,
    queryRange,
    alerting,
    autoscaler,
    gpu,
    close: parts.close,
    [Symbol.asyncDispose]: parts.close,
  };
}

/** Says what the caller has written in the place of what we made of it. */
function aboutDataDir(isOurs: boolean): (error: unknown) => never {
  return (error) => {
    if (!isOurs || !(error instanceof ConfigError) || error.issues[0]?.path !== 'store.dir') throw error;
    throw new ConfigError('createTidewatch', [{ ...error.issues[0], path: 'dataDir' }], { cause: error });
  };
}

/** The pending and firing alerts as `/api/v1/alerts` lists them. */
function presentAlerts(alerting: Alerting): unknown[] {
  return alerting
    .rules()
    .groups.flatMap(({ rules }) => rules.flatMap((rule) => ('alerts' in rule ? rule.alerts : [])));
}
