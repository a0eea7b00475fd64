import { guardedLogger, silentLogger, type Logger } from '../vocabulary/logger.ts';
import { systemClock, type Clock } from '../vocabulary/clock.ts';
import type { Meter } from '../metrics/publish-to-meter.ts';
import { ConfigError, type ConfigIssue } from '../vocabulary/config-error.ts';
import { nearestName } from '../vocabulary/nearest-name.ts';
import type { UndefinedScore } from '../quality/averages.ts';
import { adwin } from '../drift/adwin.ts';
import type { DriftDetector } from '../drift/drift-detector.ts';
import { eDetector } from '../drift/e-detector.ts';
import type { TopKTies } from '../scores/top-k-credit.ts';
import type { SegmentOption } from '../segments/segment-values.ts';
import { OTHER_CLASS } from './class-names.ts';
import { errorReason, type ErrorReason } from './error-reason.ts';
import { isName } from './is-name.ts';

/** Whether a prediction is one class, or a set of classes of any size. */
export type Task = 'single-label' | 'multi-label';

export interface DriftOptions {
  /**
   * The first predictions that answers and confidences are compared with, from 40; 0 compares nothing.
   *
   * @defaultValue 2_000
   */
  readonly reference?: number;
  /** Watch the errors. @defaultValue `adwin()`, and `eDetector` when `baselineAccuracy` is between 0 and 1 */
  readonly detectors?: readonly DriftDetector[];
}

export interface ClassifierMonitorOptions {
  /** Name of the model: the label `model` of every metric. */
  readonly model: string;
  /** Version of the model: the label `version` of every metric. @defaultValue none */
  readonly version?: string;
  /**
   * `multi-label`: `predicted` and `actual` are lists of classes, and each class is counted on its own. There are no
   * scores, estimates and drift of answers then.
   *
   * @defaultValue 'single-label'
   */
  readonly task?: Task;
  /** Classes that exist from the start, so that their counters begin at 0. Others are added as they appear. */
  readonly classes?: readonly string[];
  /** Length of the sliding window behind every gauge, in milliseconds. @defaultValue 300_000 */
  readonly windowMs?: number;
  /** More windows that `snapshot` may be asked for, in milliseconds. @defaultValue none */
  readonly windows?: readonly number[];
  /** Resolution of the windows, in milliseconds; windows are whole slices. @defaultValue a hundredth of the shortest window */
  readonly sliceMs?: number;
  /** Labelled predictions in the window below which no quality gauge is exported. @defaultValue 30 */
  readonly minSamples?: number;
  /**
   * Accuracy that the model is expected to have, 0 to 1, exported beside the measured one. Between the ends it also
   * starts the {@link eDetector}, which alarms when errors become more frequent than that.
   */
  readonly baselineAccuracy?: number;
  /**
   * The class of two or more that is looked for, one of `classes`: adds the averages `binary`, and makes ROC-AUC,
   * average precision and the estimated F1 those of this class.
   */
  readonly positiveClass?: string;
  /** Properties of predictions by which they are counted apart as well. @defaultValue none */
  readonly segments?: readonly SegmentOption[];
  /** Numbers of best classes among which the true one is looked for. @defaultValue 3 and 5, when there are more classes */
  readonly topK?: readonly number[];
  /** What a tie with the true class counts as. @defaultValue 'expected' */
  readonly topKTies?: TopKTies;
  /** Watches for drift of answers and errors. @defaultValue only the e-detector, and only with `baselineAccuracy` */
  readonly drift?: DriftOptions;
  /** What an undefined score of a class does to the averages. @defaultValue 'leave-out' */
  readonly undefinedScore?: UndefinedScore;
  /** Classes that are told apart; more are counted as `_OTHER`. @defaultValue 1_000 */
  readonly maxClasses?: number;
  /**
   * Predictions that may wait for a label; the oldest makes room. As many labels may wait for a prediction, and
   * as many settled ids are remembered; each takes about 200 bytes.
   *
   * @defaultValue 100_000
   */
  readonly maxPendingLabels?: number;
  /** Age at which a prediction stops waiting for its label, in milliseconds. @defaultValue never */
  readonly labelTimeoutMs?: number;
  /** How long a label may be ahead of its prediction, in milliseconds. @defaultValue 10_000 */
  readonly earlyLabelMs?: number;
  /** Finds the word under which a thrown error is counted. @defaultValue the error's `code` or `name` */
  readonly errorReason?: ErrorReason;
  /**
   * An OpenTelemetry meter that observes all metrics, where the service cannot give `metricProducer` to a reader:
   * see {@link publishToMeter} for what instruments cannot do. @defaultValue none
   */
  readonly meter?: Meter;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Options with their defaults, found to be usable. */
export type MonitorSettings = Required<
  Omit<ClassifierMonitorOptions, 'baselineAccuracy' | 'version' | 'positiveClass' | 'drift' | 'meter'>
> & {
  readonly baselineAccuracy: number | undefined;
  readonly version: string | undefined;
  readonly positiveClass: string | undefined;
  readonly drift: Required<DriftOptions>;
  readonly meter: Meter | undefined;
};

/** Windows of more slices would make every snapshot slow. */
const MAX_SLICES = 10_000;

/** @throws {@link ConfigError} naming every option that cannot be used. */
export function monitorSettings(options: ClassifierMonitorOptions): MonitorSettings {
  const windowMs = options.windowMs ?? 300_000;
  const windows = [windowMs, ...(options.windows ?? [])];
  const settings: MonitorSettings = {
    model: options.model,
    version: options.version,
    task: options.task ?? 'single-label',
    classes: options.classes ?? [],
    positiveClass: options.positiveClass,
    segments: options.segments ?? [],
    topK: options.topK ?? [3, 5].filter((k) => k < (options.classes?.length ?? 0)),
    topKTies: options.topKTies ?? 'expected',
    drift: driftSettings(options),
    windowMs,
    windows,
    sliceMs: options.sliceMs ?? Math.min(...windows) / 100,
    minSamples: options.minSamples ?? 30,
    baselineAccuracy: options.baselineAccuracy,
    undefinedScore: options.undefinedScore ?? 'leave-out',
    maxClasses: options.maxClasses ?? 1_000,
    maxPendingLabels: options.maxPendingLabels ?? 100_000,
    labelTimeoutMs: options.labelTimeoutMs ?? Number.POSITIVE_INFINITY,
    earlyLabelMs: options.earlyLabelMs ?? 10_000,
    errorReason: options.errorReason ?? errorReason,
    meter: options.meter,
    clock: options.clock ?? systemClock,
    logger: guardedLogger(options.logger ?? silentLogger),
  };
  const [first, ...rest] = [...unknownKeys(options, settings), ...faults(settings)];
  if (first !== undefined) throw new ConfigError('createClassifierMonitor', [first, ...rest]);
  return settings;
}

function driftSettings({ drift, baselineAccuracy, task }: ClassifierMonitorOptions): Required<DriftOptions> {
  const hasBaseline = baselineAccuracy !== undefined && baselineAccuracy > 0 && baselineAccuracy < 1;
  const known = hasBaseline ? [eDetector({ baselineError: 1 - baselineAccuracy })] : [];
  return drift === undefined
    ? { reference: 0, detectors: known }
    : {
        reference: drift.reference ?? (task === 'multi-label' ? 0 : 2_000),
        detectors: drift.detectors ?? [adwin(), ...known],
      };
}

function unknownKeys(options: object, settings: MonitorSettings): ConfigIssue[] {
  const known = Object.keys(settings);
  return Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = nearestName(key, known);
      const remedy = near === undefined ? `known options: ${known.join(', ')}` : `did you mean "${near}"?`;
      return { code: 'unknown-key', path: key, problem: 'unknown option', remedy };
    });
}

function faults(settings: MonitorSettings): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const demand = (isMet: boolean, path: keyof MonitorSettings, expected: string): void => {
    if (isMet) return;
    const problem = `expected ${expected}, got ${describe(settings[path])}`;
    issues.push({ code: 'out-of-range', path, problem });
  };
  const { classes, maxClasses, windows, sliceMs, baselineAccuracy } = settings;
  const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0;
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

  demand(isName(settings.model), 'model', 'a name of 1 to 256 characters');
  demand(Array.isArray(classes) && classes.every(isName), 'classes', 'names of 1 to 256 characters');
  demand(new Set(classes).size === classes.length, 'classes', 'each class once');
  demand(
    !classes.includes(OTHER_CLASS),
    'classes',
    `no class of the name ${OTHER_CLASS}, which counts the rest`,
  );
  demand(
    isCount(maxClasses) && maxClasses >= classes.length,
    'maxClasses',
    `at least ${Math.max(1, classes.length)}`,
  );
  demand(isPositive(settings.windowMs), 'windowMs', 'milliseconds above 0');
  demand(windows.every(isPositive), 'windows', 'milliseconds above 0');
  demand(
    isPositive(sliceMs) && Math.max(...windows) / sliceMs <= MAX_SLICES && sliceMs <= Math.min(...windows),
    'sliceMs',
    `at most the shortest window and at least 1/${MAX_SLICES} of the longest`,
  );
  demand(
    Number.isSafeInteger(settings.minSamples) && settings.minSamples >= 0,
    'minSamples',
    'an integer from 0',
  );
  demand(
    baselineAccuracy === undefined || (baselineAccuracy >= 0 && baselineAccuracy <= 1),
    'baselineAccuracy',
    'a share from 0 to 1',
  );
  demand(
    settings.version === undefined || isName(settings.version),
    'version',
    'a text of 1 to 256 characters',
  );
  demand(
    settings.positiveClass === undefined || classes.includes(settings.positiveClass),
    'positiveClass',
    'one of the option "classes"',
  );
  const isMulti = settings.task === 'multi-label';
  demand(isMulti || settings.task === 'single-label', 'task', '"single-label" or "multi-label"');
  demand(
    !isMulti || settings.drift.reference === 0,
    'drift',
    'no reference with task "multi-label": a set of classes has no one answer to compare',
  );
  demand(settings.topK.every(isCount), 'topK', 'integers above 0');
  demand(
    settings.segments.every(({ name, maxValues = 1 }) => isName(name) && isCount(maxValues)) &&
      new Set(settings.segments.map(({ name }) => name)).size === settings.segments.length,
    'segments',
    'names, each once, with maxValues above 0',
  );
  const { reference, detectors } = settings.drift;
  demand(
    reference === 0 || (isCount(reference) && reference >= 40),
    'drift',
    'a reference of at least 40 predictions, or 0',
  );
  demand(
    new Set(detectors.map(({ name }) => name)).size === detectors.length &&
      detectors.every(({ name }) => isName(name)),
    'drift',
    'detectors with names, each once',
  );
  demand(isCount(settings.maxPendingLabels), 'maxPendingLabels', 'an integer above 0');
  demand(settings.labelTimeoutMs > 0, 'labelTimeoutMs', 'milliseconds above 0');
  demand(
    settings.meter === undefined || typeof settings.meter.addBatchObservableCallback === 'function',
    'meter',
    'a Meter of @opentelemetry/api 1.3 or newer',
  );
  demand(settings.earlyLabelMs >= 0, 'earlyLabelMs', 'milliseconds from 0');
  return issues;
}

function describe(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
