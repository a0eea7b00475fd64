import type { Locale } from '@tidewatch/core';
import type { ConfigWarning, MetricRule, TimeWindow } from './autoscaler-config.ts';
import { defaultPer } from './default-per.ts';
import { weekdays } from './read-time-window.ts';
import { warningTexts } from '../texts/warning-texts.ts';

type Finding = Omit<ConfigWarning, 'line' | 'column'>;

/** What the linter looks at, before defaults are forgotten. */
export interface LintInput {
  readonly metrics: readonly MetricRule[];
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly timeWindows: readonly TimeWindow[];
  /** Where the windows stand: `time_windows` or `scaling.time_windows`. */
  readonly windowsPath: string;
  /** Windows whose thresholds were written without a metric name. */
  readonly nameless: readonly number[];
}

/** Finds configurations that load and yet flap, run to the maximum, or look at the wrong number. */
export function lintConfig(input: LintInput): readonly Finding[] {
  return [
    ...input.metrics.flatMap((metric, index) => lintMetric(metric, `metrics[${index}]`, input)),
    ...lintNameless(input),
    ...lintOverlaps(input),
  ];
}

function lintMetric(metric: MetricRule, path: string, input: LintInput): Finding[] {
  const findings: Finding[] = [];
  const mended = mendRateOfGauge(metric.query);
  if (mended !== undefined) findings.push(finding('rate-of-gauge', `${path}.query`, mended));
  if (metric.per === 'total' && defaultPer(metric.query) === 'replica' && input.maxReplicas > 1) {
    findings.push(finding('total-that-scaling-cannot-lower', `${path}.per`, metric));
  }
  if (metric.per === 'replica' && defaultPer(metric.query) === 'total' && isAverage(metric.query)) {
    findings.push(finding('share-of-what-does-not-add-up', `${path}.per`, metric.name));
  }
  findings.push(...lintThresholds(metric, input, `${path}.scale_down_threshold`));
  for (const [index, window] of input.timeWindows.entries()) {
    if (!Object.hasOwn(window.thresholds, metric.name)) continue;
    const { minReplicas = input.minReplicas, maxReplicas = input.maxReplicas } = window;
    const there = { ...metric, ...window.thresholds[metric.name] };
    findings.push(...lintThresholds(there, { minReplicas, maxReplicas }, `${input.windowsPath}[${index}]`));
  }
  return findings;
}

/** Thresholds with which replicas would go up and down for ever, or only one way. */
function lintThresholds(
  metric: MetricRule,
  { minReplicas, maxReplicas }: Pick<LintInput, 'minReplicas' | 'maxReplicas'>,
  path: string,
): Finding[] {
  if (maxReplicas <= minReplicas) return [];
  if (metric.up <= 0 || metric.down <= 0) return [finding('threshold-never-crossed', path, metric)];
  // One replica less raises what is left by n / (n - 1): above the up threshold, the step would be undone.
  const n = Math.max(2, minReplicas + 1);
  const isTooClose = n <= maxReplicas && metric.down > (metric.up * (n - 1)) / n;
  return isTooClose ? [finding('thresholds-too-close', path, { ...metric, n })] : [];
}

/** A mean or a quantile, or a latency: what one replica has is not its part of it. */
function isAverage(query: string): boolean {
  return /\b(avg|histogram_quantile|quantile|quantile_over_time|max|min)\b\s*(by|without|\()/.test(query);
}

const GAUGE_NAME =
  /_(utilization|utilisation|usage|ratio|percent|celsius|temperature|watts|replicas|accuracy|precision|recall|score|inflight|bytes|requests_in_flight|inflight_requests|depth|length|size)$/;

/** The query with `avg_over_time` in the place of `rate`, or `undefined` when no gauge is differentiated. */
function mendRateOfGauge(query: string): string | undefined {
  const mended = query.replaceAll(
    /\b(?:rate|irate|increase)(\s*\(\s*)([a-zA-Z_:][\w:]*)/g,
    (call: string, open: string, name: string) =>
      GAUGE_NAME.test(name) ? `avg_over_time${open}${name}` : call,
  );
  return mended === query ? undefined : mended;
}

function lintNameless({ metrics, nameless, windowsPath }: LintInput): Finding[] {
  const [first] = metrics;
  if (first === undefined || metrics.length < 2) return [];
  return nameless.map((index) =>
    finding('window-applies-to-first-metric', `${windowsPath}[${index}]`, first.name),
  );
}

/** Overlaps within one time zone, by the minutes of a week; the first window wins there. */
function lintOverlaps({ timeWindows, windowsPath }: LintInput): Finding[] {
  const ownerOf = new Map<string, number>();
  const found = new Map<string, Finding>();
  for (const [index, window] of timeWindows.entries()) {
    for (const minute of minutesOfWeek(window)) {
      const key = `${window.timezone} ${minute}`;
      const owner = ownerOf.get(key);
      if (owner === undefined) ownerOf.set(key, index);
      else if (owner !== index && !found.has(`${owner} ${index}`)) {
        const names = { winner: timeWindows[owner]?.name ?? '', loser: window.name };
        found.set(`${owner} ${index}`, finding('windows-overlap', `${windowsPath}[${index}]`, names));
      }
    }
  }
  return [...found.values()];
}

function* minutesOfWeek({ days, startMinute, endMinute }: TimeWindow): Generator<number> {
  const length = endMinute > startMinute ? endMinute - startMinute : endMinute + 1440 - startMinute;
  for (const day of days) {
    const from = weekdays.indexOf(day) * 1440 + startMinute;
    for (let minute = from; minute < from + length; minute++) yield minute % 10_080;
  }
}

function finding<Code extends keyof typeof warningTexts>(
  code: Code,
  path: string,
  facts: Parameters<(typeof warningTexts)[Code][Locale]>[0],
): Finding {
  const texts = warningTexts[code] as Record<Locale, (facts: unknown) => string>;
  return { code, path, message: { en: texts.en(facts), 'zh-CN': texts['zh-CN'](facts) } };
}
