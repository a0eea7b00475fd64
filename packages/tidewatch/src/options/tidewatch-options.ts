import type { AlertingOptions } from '@tidewatch/alerts';
import type { ClassifierMonitorOptions, InstantQuery, Labels, Locale, RangeQuery } from '@tidewatch/core';
import type { GpuMonitorOptions } from '@tidewatch/gpu';
import type { AutoscalerOptions } from '@tidewatch/scaler';
import type { Access } from '../http/access.ts';

/** What the parts are told by the preset alone, so that they agree. */
type SuppliedByPreset = 'query' | 'locale' | 'clock' | 'logger' | 'meter';

/** What the preset is told. All options of {@link ClassifierMonitorOptions} are taken too. */
export interface TidewatchOptions extends ClassifierMonitorOptions {
  /** Where rules, autoscaler and page ask, such as `prometheus({ url })`. @defaultValue the store in this process */
  readonly source?: { readonly query: InstantQuery; readonly queryRange: RangeQuery };
  /**
   * A folder in which history, alerts and what the autoscaler has learned outlive the process, also one that is killed;
   * one folder for one process.
   *
   * @defaultValue none: all of it is in memory and ends with the process
   */
  readonly dataDir?: string;
  /** Pause between two collects into the embedded store, in milliseconds. @defaultValue 5_000 */
  readonly collectIntervalMs?: number;
  /** Labels of every series in the embedded store, as a server adds them. @defaultValue `{ job: model, instance: 'local' }` */
  readonly labels?: Labels;
  /**
   * Rules, and where their alerts go: the options of `createAlerting`. With `dataDir` its `store` is a folder below it,
   * so that alerts, silences and messages on their way outlive a process that is killed.
   *
   * @defaultValue the default rules, shown on the page and sent nowhere
   */
  readonly alerting?: Partial<Omit<AlertingOptions, SuppliedByPreset | 'onSeries'>>;
  /**
   * What to scale, and by which file: the options of `createAutoscaler`. With `dataDir` its `stateStore` is a file below
   * it, and `history` is the source of the preset, so that a service that was seen before is known at the start. Target,
   * lease and forecaster stay the caller's: closing the preset does not close them.
   *
   * @defaultValue nothing
   */
  readonly autoscaling?: Omit<AutoscalerOptions, SuppliedByPreset | 'unavailable'>;
  /** Where GPU readings come from. @defaultValue look for GPUs, and say once why there are none */
  readonly gpu?: Pick<GpuMonitorOptions, 'source' | 'libraryPath' | 'intervalMs' | 'timeoutMs'>;
  /** Who may see the page, the metrics and the query API. @defaultValue 'loopback' */
  readonly access?: Access;
  /** Language of messages, log lines and the page's first visit. @defaultValue 'en' */
  readonly locale?: Locale;
}
