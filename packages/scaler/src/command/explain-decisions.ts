import type { Locale } from '@tidewatch/core';
import type { DecisionRecord } from '../control/controller-state.ts';
import type { MetricVerdict } from '../policy/decision.ts';
import { isUnknown } from '../policy/judge-metric.ts';
import { explainTexts } from '../texts/explain-texts.ts';
import { displayName, formatValue } from '../texts/format-value.ts';

/** A table of decisions, oldest first, and below it the last one with everything that went into it. */
export function explainDecisions(decisions: readonly DecisionRecord[], locale: Locale): readonly string[] {
  const texts = explainTexts[locale];
  const rows = decisions.map((record) => [
    isoSeconds(record.timeMs),
    `${record.from} → ${record.to}`,
    `${texts.actions[record.action]}${record.action === 'hold' || record.applied ? '' : texts.notApplied}`,
    record.reason,
    record.inputs.map((input) => `${displayName(input.name)}=${valueOf(input)}`).join(' '),
  ]);
  const last = decisions.at(-1);
  return [
    ...alignColumns([texts.columns, ...rows]),
    ...(last === undefined ? [] : ['', ...explainOne(last, locale)]),
  ];
}

/** One decision: inputs with thresholds, what each asks for, limits, cooldown, and what would have been otherwise. */
function explainOne(record: DecisionRecord, locale: Locale): readonly string[] {
  const texts = explainTexts[locale];
  const { ready, starting, draining } = record.replicas;
  const { up, down } = record.cooldownRemainingMs;
  return [
    texts.last(isoSeconds(record.timeMs)),
    `  ${record.sentence[locale]}`,
    ...[
      texts.replicas(ready, starting, draining),
      texts.bounds(record.minReplicas, record.maxReplicas),
      record.window === undefined ? texts.noWindow : texts.window(record.window),
      ...record.inputs.map((input) => metricLine(input, record, locale)),
      ...planLines(record, locale),
      ...record.limits.map(texts.limit),
      texts.cooldown(Math.ceil(up / 1000), Math.ceil(down / 1000)),
      ...record.otherwise.map(({ without, to }) =>
        typeof without === 'string'
          ? texts.withoutHold(without, to)
          : texts.withoutMetric(without.metric, to),
      ),
    ].map((line) => `  - ${line}`),
  ];
}

function metricLine(input: MetricVerdict, { asks, plan, reason }: DecisionRecord, locale: Locale): string {
  const texts = explainTexts[locale];
  const detail = input.detail === undefined ? '' : ` (${input.detail})`;
  const asked = Object.hasOwn(asks, input.name) ? asks[input.name] : undefined;
  const verdict = `${texts.verdicts[input.verdict]}${detail}`;
  if (plan !== undefined || reason === 'latency-unreachable') {
    // The thresholds of a metric have no say where an objective decides; that it is unknown has.
    const { name, total } = input;
    const whole = total === undefined ? '?' : formatValue(total);
    return texts.planned(name, whole, isUnknown(input) ? verdict : undefined);
  }
  const line = texts.metric(input, valueOf(input), verdict);
  return asked === undefined ? line : `${line}; ${texts.asks(asked)}`;
}

/** What a latency objective asks for, and what each forecast would have asked for. */
function planLines({ plan, forecasts = {} }: DecisionRecord, locale: Locale): readonly string[] {
  const texts = explainTexts[locale];
  if (plan === undefined) return [];
  const { replicas, needed, forRamps, raisedBy, byExpert, price, scale } = plan;
  const names = [...new Set([...Object.keys(forecasts), ...Object.keys(byExpert)])];
  return [
    texts.plan(replicas, needed, forRamps),
    texts.price(formatValue(price), formatValue(100 * (Math.exp(scale) - 1))),
    ...names.map((name) => {
      const load = forecasts[name];
      const loadText = load === undefined ? '?' : formatValue(load);
      return texts.forecast(name, loadText, byExpert[name], name === raisedBy);
    }),
  ];
}

function valueOf({ value }: MetricVerdict): string {
  return value === undefined ? '?' : formatValue(value);
}

/** `2026-01-05 12:00:00Z`: of the state, and so without the zone of whoever reads it. */
function isoSeconds(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace(/\.\d+/, '');
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd(),
  );
}

/** Columns of a terminal: a Chinese character takes two. */
function width(text: string): number {
  return Array.from(text).reduce(
    (sum, character) => sum + (/[\u2e80-\u9fff\uff00-\uff60]/.test(character) ? 2 : 1),
    0,
  );
}
