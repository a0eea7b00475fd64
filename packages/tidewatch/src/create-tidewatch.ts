import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  createAlerting,
  defaultRulesYaml,
  loadRules,
  type Alerting,
  type AlertingOptions,
} from '@tidewatch/alerts';
import {
  createClassifierMonitor,
  firstHandler,
  openMetricsHandler,
  requestMetrics,
  silentLogger,
  systemClock,
  type ClassifierMonitor,
  type ClassifierMonitorOptions,
  type Disposable,
  type InstantQuery,
  type Labels,
  type Locale,
  type NodeHandler,
  type RangeQuery,
  type RequestMetrics,
} from '@tidewatch/core';
import { createDashboard } from '@tidewatch/dashboard';
import { createGpuMonitor, createHostMonitor, type GpuMonitor, type GpuMonitorOptions } from '@tidewatch/gpu';
import { createApi, createEngine, createStore, openTelemetryReader } from '@tidewatch/promql';
import {
  createAutoscaler,
  type Autoscaler,
  type AutoscalerConfig,
  type ScaleTarget,
} from '@tidewatch/scaler';
import type { Access } from './access.ts';
import { metricDefinitions } from './metric-definitions.ts';
import { gpuNotice, missingGpuSeries } from './gpu-absence.ts';
import { guardedHandler } from './guarded-handler.ts';

export interface TidewatchOptions extends ClassifierMonitorOptions {
  /** Where queries are answered, such as `prometheus({ url })`. @defaultValue the store in this process */
  readonly source?: { readonly query: InstantQuery; readonly queryRange: RangeQuery };
  /** Pause between two collects into the embedded store, in milliseconds. @defaultValue 5_000 */
  readonly collectIntervalMs?: number;
  /** Labels of every series in the embedded store, as a server adds them. @defaultValue `{ job: model, instance: 'local' }` */
  readonly labels?: Labels;
  /** Rules, and where their alerts go. @defaultValue the default rules, shown on the page and sent nowhere */
  readonly alerting?: Partial<
    Pick<
      AlertingOptions,
      'rules' | 'route' | 'receivers' | 'inhibitRules' | 'intervalMs' | 'timeZone' | 'externalUrl'
    >
  >;
  /** What to scale, and by which file. @defaultValue nothing */
  readonly autoscaling?: {
    readonly config: AutoscalerConfig;
    readonly target: ScaleTarget;
    readonly intervalMs?: number;
    readonly dryRun?: boolean;
  };
  /** @defaultValue look for GPUs, and say once why there are none */
  readonly gpu?: Pick<GpuMonitorOptions, 'source' | 'libraryPath' | 'intervalMs' | 'timeoutMs'>;
  /** Who may see the page, the metrics and the query API. @defaultValue 'loopback' */
  readonly access?: Access;
  /** Language of messages, log lines and the page's first visit. @defaultValue 'en' */
  readonly locale?: Locale;
}

/** Everything that the preset started. Each part is the part itself: its own package documents it. */
export interface Tidewatch extends Disposable {
  readonly monitor: ClassifierMonitor;
  /** Middleware that counts and times every request. */
  readonly requests: RequestMetrics;
  /**
   * Serves `/monitor`, `/metrics`, `/api/v1/*`, `/-/healthy`, `/-/ready` and `/api/health`, and hands every other
   * path on. A middleware for Express, a listener for node:http.
   */
  readonly handler: NodeHandler;
  /** Evaluates PromQL in the embedded store, or in the given source. */
  readonly query: InstantQuery;
  readonly queryRange: RangeQuery;
  readonly alerting: Alerting;
  /** Absent without `autoscaling`. */
  readonly autoscaler: Autoscaler | undefined;
  readonly gpu: GpuMonitor;
}

/**
 * Puts the parts together in one process: measures, stores, alerts, scales and shows.
 *
 * @throws {@link ConfigError} for an option or a file that cannot be used, before anything is started.
 */
export async function createTidewatch(options: TidewatchOptions): Promise<Tidewatch> {
  const {
    source,
    collectIntervalMs = 5_000,
    alerting: alertingOptions = {},
    autoscaling,
    gpu: gpuOptions,
    ...rest
  } = options;
  const { access = 'loopback', locale = 'en', labels, ...monitorOptions } = rest;
  const { clock = systemClock, logger = silentLogger } = options;
  const common = { clock, logger };

  const monitor = createClassifierMonitor(monitorOptions);
  const requests = requestMetrics({ clock });
  const store = await createStore(common);
  const engine = createEngine({ store });
  const { query, queryRange } = source ?? engine;
  const gpu = await createGpuMonitor({ ...gpuOptions, locale, ...common });
  const host = createHostMonitor(common);

  const rules = alertingOptions.rules ?? loadRules(defaultRulesYaml(locale), { source: 'default rules' });
  const alerting = await createAlerting({
    route: { receiver: 'nobody' },
    receivers: { nobody: [] },
    ...alertingOptions,
    rules,
    query,
    locale,
    onSeries: (samples, atMs) => store.append(atMs, samples, { axis: 'rules' }),
    ...common,
  });
  const autoscaler =
    autoscaling &&
    createAutoscaler({
      ...autoscaling,
      query,
      locale,
      unavailable: missingGpuSeries(gpu, locale),
      ...common,
    });

  const producers = [
    monitor,
    requests,
    gpu,
    host,
    store,
    engine,
    alerting,
    ...(autoscaler ? [autoscaler] : []),
  ].map(({ metricProducer }) => metricProducer);
  const reader = openTelemetryReader(store, {
    intervalMs: collectIntervalMs,
    metricProducers: producers,
    labels: labels ?? { job: options.model, instance: 'local' },
    ...common,
  });
  const meterProvider = new MeterProvider({ readers: [reader] });
  alerting.start();
  autoscaler?.start();

  const page = createDashboard({
    query,
    queryRange,
    alerts: () => alerting.alerts(),
    notices: () => gpuNotice(gpu),
    locale,
    title: `Tidewatch · ${options.model}`,
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
    alerts: () => ({ alerts: alertsOf(alerting) }),
  });
  const others = firstHandler([openMetricsHandler(producers, { path: '/metrics', ...common }), api]);

  let closing: Promise<void> | undefined;
  async function closeAll(): Promise<void> {
    await Promise.all([autoscaler?.close(), alerting.close()]);
    await meterProvider.shutdown();
    await Promise.all([gpu.close(), host.close(), store.close()]);
  }
  const close = (): Promise<void> => (closing ??= closeAll());
  return {
    monitor,
    requests,
    handler: guardedHandler({ page, others }, access, logger),
    query,
    queryRange,
    alerting,
    autoscaler,
    gpu,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The pending and firing alerts as `/api/v1/alerts` lists them. */
function alertsOf(alerting: Alerting): unknown[] {
  return alerting
    .rules()
    .groups.flatMap(({ rules }) => rules.flatMap((rule) => ('alerts' in rule ? rule.alerts : [])));
}
