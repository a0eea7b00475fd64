import type { AlertingOptions } from '@tidewatch/alerts';
import type { ClassifierMonitorOptions, InstantQuery, Labels, Locale, RangeQuery } from '@tidewatch/core';
import type { GpuMonitorOptions } from '@tidewatch/gpu';
import type { AutoscalerConfig, ScaleTarget } from '@tidewatch/scaler';
import type { Access } from '../http/access.ts';

/** What the preset is told. All options of {@link ClassifierMonitorOptions} are taken too. */
export interface TidewatchOptions extends ClassifierMonitorOptions {
  /** Where rules, autoscaler and page ask, such as `prometheus({ url })`. @defaultValue the store in this process */
  readonly source?: { readonly query: InstantQuery; readonly queryRange: RangeQuery };
  /**
   * A folder in which the embedded store keeps its history over restarts; one folder for one process.
   *
   * @defaultValue none: history is in memory and ends with the process
   */
  readonly dataDir?: string;
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
    /** From `loadAutoscalerConfig`. */
    readonly config: AutoscalerConfig;
    /** Stays the caller's: closing the preset does not close it. */
    readonly target: ScaleTarget;
    /** Pause between two decisions, in milliseconds. @defaultValue that of the file, 15_000 */
    readonly intervalMs?: number;
    /** Decides and explains; changes nothing. @defaultValue false */
    readonly dryRun?: boolean;
  };
  /** Where GPU readings come from. @defaultValue look for GPUs, and say once why there are none */
  readonly gpu?: Pick<GpuMonitorOptions, 'source' | 'libraryPath' | 'intervalMs' | 'timeoutMs'>;
  /** Who may see the page, the metrics and the query API. @defaultValue 'loopback' */
  readonly access?: Access;
  /** Language of messages, log lines and the page's first visit. @defaultValue 'en' */
  readonly locale?: Locale;
}
