import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createAlerting, defaultRules, type Alerting, type AlertingOptions } from '@tidewatch/alerts';
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
  type Locale,
  type NodeHandler,
  type RangeQuery,
  type RequestMetrics,
} from '@tidewatch/core';
import { createDashboard } from '@tidewatch/dashboard';
import { createGpuMonitor, createHostMonitor, type GpuMonitor, type GpuMonitorOptions } from '@tidewatch/gpu';
import { createApi, createEngine, createStore, openTelemetryReader, type Engine } from '@tidewatch/promql';
import { createAutoscaler, type Autoscaler, type AutoscalerConfig, type ScaleTarget } from '@tidewatch/scaler';
import { type Access } from './access.ts';
import { closeAll } from './close-all.ts';
import { guardedHandler } from './guarded-handler.ts';

export interface TidewatchOptions extends ClassifierMonitorOptions {
  /** Where queries are answered, such as `prometheus({ url })`. @defaultValue the store in this process */
  readonly source?: { readonly query: InstantQuery; readonly queryRange: RangeQuery };
  /** Pause between two collects into the embedded store, in milliseconds. @defaultValue 5_000 */
  readonly collectIntervalMs?: number;
  /** Labels of every series in the embedded store, as a Prometheus server adds `job` and `instance`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Rules, and where their alerts go. @defaultValue the default rules, shown on the page and sent nowhere */
  readonly alerting?: Partial<Pick<AlertingOptions, 'rules' | 'route' | 'receivers' | 'intervalMs'>>;
  /** What to scale, by which rules. @defaultValue nothing */
  readonly autoscaling?: { readonly config: AutoscalerConfig; readonly target: ScaleTarget; readonly dryRun?: boolean };
  /** `off`, or the options of the GPU monitor. @defaultValue look for GPUs, and say once when there are none */
  readonly gpu?: 'off' | Pick<GpuMonitorOptions, 'source' | 'libraryPath' | 'intervalMs' | 'timeoutMs'>;
  /** Who may see the page, the metrics and the query API. @defaultValue 'loopback' */
  readonly access?: Access;
  /** Language of messages and log lines; the page follows its reader. @defaultValue 'en' */
  readonly locale?: Locale;
}

/** Everything the preset started. Each part is the part itself: its own package documents it. */
export interface Tidewatch extends Disposable {
  readonly monitor: ClassifierMonitor;
  /** Middleware that times every request. */
  readonly requests: RequestMetrics;
  /**
   * Serves `/monitor`, `/metrics`, `/api/v1/*`, `/-/healthy`, `/-/ready` and `/api/health`; hands every other
   * path on to `next`. A middleware for Express, a listener for node:http.
   */
  readonly handler: NodeHandler;
  /** Evaluates PromQL: the embedded engine, or the given source. */
  readonly query: InstantQuery;
  readonly queryRange: RangeQuery;
  readonly alerting: Alerting;
  /** Absent without `autoscaling`. */
  readonly autoscaler: Autoscaler | undefined;
  /** Absent when `gpu` is `off`. */
  readonly gpu: GpuMonitor | undefined;
}
