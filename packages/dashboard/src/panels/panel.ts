import type { LocalText } from '../text/catalogue.ts';

/** The areas of the dashboard, in reading order: what users feel first, what it costs last. */
export const sectionIds = ['quality', 'service', 'system', 'scaling', 'alerts', 'cost'] as const;
export type SectionId = (typeof sectionIds)[number];

/** How a panel's values are read: `ratio` is 0 to 1 and shown as a percentage. */
export type Unit = 'ratio' | 'seconds' | 'per-second' | 'count' | 'times' | 'hours';

/** What must exist before a panel has a value; decides which empty text is honest. */
export type Need = 'traffic' | 'labels' | 'gpu' | 'price' | 'alerts' | 'setup';

/** A limit drawn on the panel. Crossing it is a warning; only an alert is red. */
export interface Threshold {
  /** In the panel's unit. */
  readonly value: number;
  /** Which side is the bad one. The limit itself is still good. */
  readonly bad: 'above' | 'below';
}

/** One query of a panel. */
export interface Target {
  /** PromQL; `$__rate_interval` and `$window` are filled in by the renderer. */
  readonly expr: string;
  /** Name of a series; `{{label}}` is replaced by the label's value. */
  readonly legend: LocalText;
  /** Drawn thin and dashed: something to compare with. */
  readonly isReference?: boolean;
}

interface PanelBase {
  /** Stable, unique, kebab-case: test hooks, URLs and Grafana ids hang on it. */
  readonly id: string;
  readonly section: SectionId;
  readonly title: LocalText;
  /** What the figure means, in one or two sentences. */
  readonly help: LocalText;
  readonly unit: Unit;
  readonly needs: Need;
  readonly thresholds: readonly Threshold[];
  readonly targets: readonly [Target, ...Target[]];
}

/** One figure with its recent course. Its only target answers at most one series. */
export interface StatPanel extends PanelBase {
  readonly view: 'stat';
  /** Stands in the first row of the page. */
  readonly isHeadline?: boolean;
}

export interface LinePanel extends PanelBase {
  readonly view: 'line';
  /** Values hold until they change: replicas, not rates. */
  readonly isStepped?: boolean;
  /** Upper end of the axis, for values that cannot go beyond. */
  readonly max?: number;
}

/** Values at the present instant, by label. */
export interface TablePanel extends PanelBase {
  readonly view: 'table';
  readonly columns: readonly { readonly label: string; readonly title: LocalText }[];
  /** Shown as a matrix: the first column down, the second across. */
  readonly isMatrix?: boolean;
}

/** Which state each subject was in over time. Values above 0 mean "in this state". */
export interface TimelinePanel extends PanelBase {
  readonly view: 'timeline';
  /** Label that names the row. */
  readonly subject: string;
  /** Label that names the state. */
  readonly state: string;
}

/** One question about the service and the query that answers it; every renderer draws from these. */
export type Panel = StatPanel | LinePanel | TablePanel | TimelinePanel;
