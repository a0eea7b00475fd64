import type { Locale } from '@tidewatch/core';
import type { Panel, StatPanel } from '../panels/panel.ts';
import { fill, text, type LocalText, type TextKey } from '../text/catalogue.ts';
import { formatValue } from '../text/format-value.ts';
import type { ListData, PanelData } from './page-data.ts';
import { pastThreshold } from './past-threshold.ts';
import type { AlertView } from './views.ts';

/** What the state of the service comes to, in one sentence. */
export interface Verdict {
  readonly level: 'bad' | 'warning' | 'good' | 'unknown';
  readonly reason: 'firing' | 'queries-failing' | 'pending' | 'over-threshold' | 'no-traffic' | 'all-well';
  readonly sentence: LocalText;
}

export interface VerdictInput {
  readonly panels: readonly Panel[];
  /** By panel id. */
  readonly data: Readonly<Record<string, PanelData>>;
  readonly alerts: ListData<AlertView>;
}

/**
 * Judges the service as a person would who has read the whole page.
 *
 * An alert outranks everything, failing queries outrank figures, and no figures is no verdict: unknown is
 * not well.
 */
export function verdict({ panels, data, alerts }: VerdictInput): Verdict {
  const alertItems = alerts.state === 'ok' ? alerts.items : [];
  const facts = statFacts(panels, data);
  const crossed = facts.filter((fact) => pastThreshold(fact.value, fact.panel.thresholds) !== undefined);

  const firing = alertItems.filter((alert) => alert.state === 'firing');
  if (firing.length > 0) {
    return { level: 'bad', reason: 'firing', sentence: alertSentence('verdict.firing', firing, crossed) };
  }

  const headlines = panels.filter((panel) => panel.view === 'stat' && panel.isHeadline === true);
  const isFailing = headlines.some((panel) => data[panel.id]?.state === 'error') || alerts.state === 'error';
  if (isFailing) {
    return { level: 'unknown', reason: 'queries-failing', sentence: text('verdict.queries-failing') };
  }

  const pending = alertItems.filter((alert) => alert.state === 'pending');
  if (pending.length > 0) {
    const sentence = alertSentence('verdict.pending', pending, crossed);
    return { level: 'warning', reason: 'pending', sentence };
  }
  if (crossed.length > 0) {
    const sentence = inAllLocales((locale) =>
      fill(text('verdict.over-threshold')[locale], { facts: crossedFacts(crossed, locale) }),
    );
    return { level: 'warning', reason: 'over-threshold', sentence };
  }

  const throughput = facts.find((fact) => fact.panel.id === 'throughput')?.value ?? 0;
  if (throughput === 0) {
    return { level: 'unknown', reason: 'no-traffic', sentence: text('verdict.no-traffic') };
  }

  const shown = facts.filter((fact) => fact.panel.isHeadline === true);
  const sentence = inAllLocales((locale) => {
    const list = shown.map((fact) => plainFact(fact, locale)).join(text('list.separator')[locale]);
    return fill(text('verdict.all-well')[locale], { facts: list });
  });
  return { level: 'good', reason: 'all-well', sentence };
}

interface Fact {
  readonly panel: StatPanel;
  readonly value: number;
}

function statFacts(panels: readonly Panel[], data: Readonly<Record<string, PanelData>>): Fact[] {
  return panels.flatMap((panel) => {
    if (panel.view !== 'stat') return [];
    const answer = data[panel.id];
    const value = answer?.state === 'ok' ? answer.latest[0]?.value : undefined;
    return value === undefined ? [] : [{ panel, value }];
  });
}

function plainFact({ panel, value }: Fact, locale: Locale): string {
  const values = { name: panel.title[locale], value: formatValue(value, panel.unit) };
  return fill(text('verdict.fact')[locale], values);
}

function crossedFact({ panel, value }: Fact, locale: Locale): string {
  const limit = pastThreshold(value, panel.thresholds);
  if (limit === undefined) return plainFact({ panel, value }, locale);
  return fill(text(`verdict.crossed-${limit.bad}`)[locale], {
    name: panel.title[locale],
    value: formatValue(value, panel.unit),
    limit: formatValue(limit.value, panel.unit),
  });
}

function crossedFacts(crossed: readonly Fact[], locale: Locale): string {
  return crossed.map((fact) => crossedFact(fact, locale)).join(text('fact.separator')[locale]);
}

/** Which alerts, and the figures behind them. Names are untrusted and may be many: a few are spelled out. */
function alertSentence(template: TextKey, alerts: readonly AlertView[], crossed: readonly Fact[]): LocalText {
  const names = [...new Set(alerts.map((alert) => alert.name))];
  return inAllLocales((locale) => {
    const spelled = names.slice(0, 3).join(text('list.separator')[locale]);
    const first = fill(text(template)[locale], {
      count: alerts.length,
      names: names.length > 3 ? `${spelled} …` : spelled,
    });
    if (crossed.length === 0) return first;
    return fill(text('verdict.two-sentences')[locale], { first, second: crossedFacts(crossed, locale) });
  });
}

function inAllLocales(write: (locale: Locale) => string): LocalText {
  return { 'zh-CN': write('zh-CN'), en: write('en') };
}
