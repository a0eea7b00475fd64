import type { Labels } from '@tidewatch/core';
import type { EmptyReason } from './empty-reason.ts';
import type { RangeId } from './time-range.ts';
import type { Verdict } from './verdict.ts';
import type { AlertView, DecisionView, Notice } from './views.ts';

/** One series on the time axis of the whole answer. */
export interface SeriesColumn {
  /** Which of the panel's targets answered it. */
  readonly target: number;
  readonly labels: Labels;
  /** One entry a step; `null` is a gap, never zero. */
  readonly values: readonly (number | null)[];
}

/** One value at the present instant. */
export interface LatestValue {
  readonly target: number;
  readonly labels: Labels;
  readonly value: number;
}

/** What one panel has to show. */
export type PanelData =
  | {
      readonly state: 'ok';
      /** Filled for stat and table panels. */
      readonly latest: readonly LatestValue[];
      /** Filled for all but table panels. */
      readonly series: readonly SeriesColumn[];
      /** Series beyond the cap, left out. */
      readonly dropped: number;
    }
  | { readonly state: 'empty'; readonly reason: EmptyReason; readonly count?: number }
  | { readonly state: 'error' };

/** A list from the host: absent when the part is not connected, an error when it threw. */
export type ListData<T> =
  | { readonly state: 'ok'; readonly items: readonly T[]; readonly dropped: number }
  | { readonly state: 'not-configured' }
  | { readonly state: 'error' };

/** Everything the page shows, in one answer of `/data`. */
export interface PageData {
  /** The server's time: the page's right edge. */
  readonly nowMs: number;
  /** When to ask again. */
  readonly refreshMs: number;
  readonly range: RangeId;
  /** The time axis: `startMs`, `startMs + stepMs`, …, `steps` of them. */
  readonly axis: { readonly startMs: number; readonly stepMs: number; readonly steps: number };
  readonly verdict: Verdict;
  /** By panel id. */
  readonly panels: Readonly<Record<string, PanelData>>;
  readonly decisions: ListData<DecisionView>;
  readonly alerts: ListData<AlertView>;
  readonly notices: readonly Notice[];
}
