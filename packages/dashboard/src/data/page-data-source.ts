import { setImmediate as yieldToHost } from 'node:timers/promises';
import type { Clock, InstantQuery, Logger, QueryRange, RangeQuery } from '@tidewatch/core';
import { panels } from '../panels/panels.ts';
import type { Panel } from '../panels/panel.ts';
import { rateIntervalMs, type QueryVariables } from '../panels/substitute-variables.ts';
import { emptyReason, type ServiceFacts } from './empty-reason.ts';
import {
  evaluateHistory,
  evaluateNow,
  stepCount,
  type CurrentAnswer,
  type HistoryAnswer,
} from './evaluate-panel.ts';
import type { ListData, PageData, PanelData } from './page-data.ts';
import { planSteps, windowOf, type RangeId } from './time-range.ts';
import { untilAborted } from './until-aborted.ts';
import { verdict } from './verdict.ts';
import type { AlertView, DecisionView, Notice } from './views.ts';

export interface PageDataSourceOptions {
  readonly query: InstantQuery;
  readonly queryRange: RangeQuery;
  readonly decisions: (() => readonly DecisionView[]) | undefined;
  readonly alerts: (() => readonly AlertView[]) | undefined;
  readonly notices: (() => readonly Notice[]) | undefined;
  readonly refreshMs: number;
  readonly sampleIntervalMs: number;
  readonly queryTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Evaluates a range's panels, once a tick for all viewers together. What fails is said in the answer. */
export type PageDataSource = (range: RangeId) => Promise<PageData>;

/** Longest list the page is sent. */
const maxListItems = 200;

type Attempt<T> = { readonly ok: true; readonly answer: T } | { readonly ok: false };
type Present = ReadonlyMap<string, Attempt<CurrentAnswer>>;
type Past = ReadonlyMap<string, Attempt<HistoryAnswer>>;

export function createPageDataSource(options: PageDataSourceOptions): PageDataSource {
  const { query, queryRange, refreshMs, sampleIntervalMs, clock, logger } = options;
  // One entry a range: as many as there are ranges.
  const ticks = new Map<RangeId, { readonly tick: number; isSettled: boolean; data: Promise<PageData> }>();
  // At most one entry a panel and course, and the facts.
  const failing = new Set<string>();
  const pasts = new Map<RangeId, { readonly endMs: number; readonly past: Past }>();

  return (range) => {
    const nowMs = clock.now();
    const tick = Math.floor(nowMs / refreshMs);
    const present = ticks.get(range);
    // A slow source is not asked again before it has answered.
    if (present !== undefined && (present.tick === tick || !present.isSettled)) return present.data;
    const data = evaluate(range, nowMs);
    const entry = { tick, isSettled: false, data };
    ticks.set(range, entry);
    const settle = (): void => void (entry.isSettled = true);
    data.then(settle, settle);
    return data;
  };

  async function evaluate(range: RangeId, nowMs: number): Promise<PageData> {
    const steps = planSteps(range, nowMs, sampleIntervalMs);
    const variables: QueryVariables = {
      rateIntervalMs: rateIntervalMs(sampleIntervalMs, steps.stepMs),
      windowMs: windowOf(range),
    };
    // One deadline for the whole tick: forty slow queries must not add up.
    const signal = AbortSignal.timeout(options.queryTimeoutMs);
    const facts = await serviceFacts(nowMs, signal);
    // Figures before courses: when time runs out, what is known now matters more.
    const present = await presentOf(nowMs, variables, signal);
    const past = await pastOf(range, steps, variables, signal);
    const data = Object.fromEntries(
      panels.map((panel) => [panel.id, panelData(panel, present.get(panel.id), past.get(panel.id), facts)]),
    );
    const alerts = list('alerts', options.alerts, mostUrgentFirst);
    return {
      nowMs,
      refreshMs,
      range,
      axis: { startMs: steps.startMs, stepMs: steps.stepMs, steps: stepCount(steps) },
      verdict: verdict({ panels, data, alerts }),
      panels: data,
      decisions: list('decisions', options.decisions, newestFirst),
      alerts,
      notices: notices(),
    };
  }

  async function presentOf(nowMs: number, variables: QueryVariables, signal: AbortSignal): Promise<Present> {
    const present = new Map<string, Attempt<CurrentAnswer>>();
    for (const panel of panels.filter(needsPresent)) {
      await yieldToHost(); // an embedded engine answers without one: the host's requests come in between
      const ask = () => evaluateNow(panel, query, nowMs, variables, signal);
      present.set(panel.id, await attempt(panel.id, signal, ask));
    }
    return present;
  }

  /** On a fixed grid the past changes only when a step has passed. Failed panels are asked again. */
  async function pastOf(
    range: RangeId,
    steps: QueryRange,
    variables: QueryVariables,
    signal: AbortSignal,
  ): Promise<Past> {
    const kept = pasts.get(range);
    const past = new Map<string, Attempt<HistoryAnswer>>();
    for (const panel of panels.filter(needsHistory)) {
      await yieldToHost();
      const known = kept?.endMs === steps.endMs ? kept.past.get(panel.id) : undefined;
      const ask = () => evaluateHistory(panel, queryRange, steps, variables, signal);
      past.set(panel.id, known?.ok === true ? known : await attempt(`${panel.id} over time`, signal, ask));
    }
    pasts.set(range, { endMs: steps.endMs, past });
    return past;
  }

  async function serviceFacts(nowMs: number, signal: AbortSignal): Promise<ServiceFacts> {
    const total = async (name: string): Promise<number | undefined> => {
      const answer = await attempt(name, signal, () => query(`sum(${name})`, nowMs, { signal }));
      return answer.ok ? answer.answer[0]?.value : undefined;
    };
    return {
      predictions: await total('classification_predictions_total'),
      labelled: await total('classification_labelled_total'),
      hasAlerting: options.alerts !== undefined,
    };
  }

  async function attempt<T>(what: string, signal: AbortSignal, ask: () => Promise<T>): Promise<Attempt<T>> {
    try {
      signal.throwIfAborted();
      const answer = await untilAborted(ask(), signal);
      if (failing.delete(what)) logger.info({ what }, 'a dashboard query is answered again');
      return { ok: true, answer };
    } catch (error) {
      // Once until it is answered again: forty panels ask every few seconds.
      if (!failing.has(what)) logger.warn({ what, error }, 'a dashboard query failed');
      failing.add(what);
      return { ok: false };
    }
  }

  function list<T>(
    name: string,
    read: (() => readonly T[]) | undefined,
    order?: (a: T, b: T) => number,
  ): ListData<T> {
    if (read === undefined) return { state: 'not-configured' };
    try {
      const all = order === undefined ? read() : read().toSorted(order);
      const items = all.slice(0, maxListItems);
      return { state: 'ok', items, dropped: all.length - items.length };
    } catch (error) {
      logger.warn({ list: name, error }, 'a list for the dashboard could not be read');
      return { state: 'error' };
    }
  }

  function notices(): readonly Notice[] {
    const answer = list('notices', options.notices);
    return answer.state === 'ok' ? answer.items : [];
  }
}

function newestFirst(a: DecisionView, b: DecisionView): number {
  return b.timeMs - a.timeMs;
}

const urgency = { firing: 0, pending: 1, resolved: 2 } as const;

function mostUrgentFirst(a: AlertView, b: AlertView): number {
  return urgency[a.state] - urgency[b.state] || b.activeAtMs - a.activeAtMs;
}

function needsPresent(panel: Panel): boolean {
  return panel.view === 'stat' || panel.view === 'table';
}

function needsHistory(panel: Panel): boolean {
  return panel.view !== 'table';
}

/** A figure without its course is still worth showing; a course without its figure is not. */
function panelData(
  panel: Panel,
  present: Attempt<CurrentAnswer> | undefined,
  past: Attempt<HistoryAnswer> | undefined,
  facts: ServiceFacts,
): PanelData {
  const main = present ?? past;
  if (main === undefined || !main.ok) return { state: 'error' };
  const latest = present?.ok === true ? present.answer.latest : [];
  const series = past?.ok === true ? past.answer.series : [];
  const isEmpty = present === undefined ? series.length === 0 : latest.length === 0;
  if (!isEmpty) return { state: 'ok', latest, series, dropped: main.answer.dropped };
  const reason = emptyReason(panel.needs, facts);
  return reason === 'too-few-labels'
    ? { state: 'empty', reason, count: facts.labelled ?? 0 }
    : { state: 'empty', reason };
}
