import type { Locale } from '@tidewatch/core';
import type {
  LinePanel,
  Panel,
  TablePanel,
  Target,
  Threshold,
  TimelinePanel,
  Unit,
} from '../panels/panel.ts';
import { text } from '../text/catalogue.ts';
import type { GridPosition } from './grid-layout.ts';

/** A panel in Grafana's classic JSON: the parts that every panel has, and whatever its type adds. */
export interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: GridPosition;
  readonly [property: string]: unknown;
}

/** A variable, so that the file imports and provisions wherever Prometheus is called something else. */
const datasource = { type: 'prometheus', uid: '${datasource}' } as const;

/** Draws one of our panels in Grafana's words. */
export function grafanaPanel(panel: Panel, id: number, gridPos: GridPosition, locale: Locale): GrafanaPanel {
  return {
    id,
    title: panel.title[locale],
    description: panel.help[locale],
    gridPos,
    datasource,
    targets: panel.targets.map((target, index) => grafanaTarget(panel, target, index, locale)),
    ...body(panel, locale),
  };
}

/** What a panel type adds to the common parts. */
interface PanelBody {
  readonly type: string;
  readonly [property: string]: unknown;
}

function body(panel: Panel, locale: Locale): PanelBody {
  if (panel.view === 'line') return timeSeries(panel);
  if (panel.view === 'timeline') return stateTimeline(panel, locale);
  if (panel.view === 'table') return table(panel, locale);
  return {
    type: 'stat',
    fieldConfig: { defaults: defaultsOf(panel), overrides: [] },
    options: {
      colorMode: 'value',
      graphMode: 'area',
      justifyMode: 'auto',
      orientation: 'auto',
      textMode: 'value',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    },
  };
}

function grafanaTarget(panel: Panel, { expr, legend }: Target, index: number, locale: Locale): object {
  const isTable = panel.view === 'table';
  const state = panel.view === 'timeline' ? ` {{${panel.state}}}` : '';
  return {
    refId: refId(index),
    datasource,
    editorMode: 'code',
    // The page's chosen range is Grafana's.
    expr: expr.replaceAll('$window', '$__range'),
    legendFormat: `${legend[locale]}${state}`,
    range: !isTable,
    instant: isTable,
    ...(isTable ? { format: 'table' } : {}),
  };
}

/** A, B, C …: without it Grafana cannot tell a panel's queries apart. */
function refId(index: number): string {
  return String.fromCodePoint(65 + index);
}

function timeSeries(panel: LinePanel): PanelBody {
  const custom = {
    drawStyle: 'line',
    lineInterpolation: panel.isStepped === true ? 'stepAfter' : 'linear',
    lineWidth: 2,
    fillOpacity: 0,
    showPoints: 'never',
    spanNulls: false,
    thresholdsStyle: { mode: panel.thresholds.length > 0 ? 'dashed' : 'off' },
  };
  const limits = panel.max === undefined ? {} : { max: panel.max };
  const overrides = panel.targets.flatMap(({ isReference }, index) =>
    isReference === true ? [dashed(refId(index))] : [],
  );
  return {
    type: 'timeseries',
    fieldConfig: { defaults: { ...defaultsOf(panel), ...limits, custom }, overrides },
    options: {
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: ['lastNotNull'] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  };
}

function dashed(query: string): object {
  return {
    matcher: { id: 'byFrameRefID', options: query },
    properties: [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [6, 4] } }],
  };
}

function table(panel: TablePanel, locale: Locale): PanelBody {
  const value = text('column.value')[locale];
  const [down, across] = panel.columns;
  const renames = Object.fromEntries(panel.columns.map(({ label, title }) => [label, title[locale]]));
  const transformations =
    panel.isMatrix === true
      ? [
          {
            id: 'groupingToMatrix',
            options: {
              rowField: down?.label,
              columnField: across?.label,
              valueField: 'Value',
              emptyValue: 'zero',
            },
          },
        ]
      : [
          {
            id: 'organize',
            options: { excludeByName: { Time: true }, renameByName: { ...renames, Value: value } },
          },
        ];
  return {
    type: 'table',
    fieldConfig: { defaults: { ...defaultsOf(panel), decimals: 0 }, overrides: [] },
    options: { showHeader: true, cellHeight: 'sm' },
    transformations,
  };
}

function stateTimeline(panel: TimelinePanel, locale: Locale): PanelBody {
  const isOn = {
    type: 'value',
    options: { '1': { text: text('alerts.title')[locale], color: 'red', index: 0 } },
  };
  return {
    type: 'state-timeline',
    fieldConfig: {
      defaults: {
        ...defaultsOf(panel),
        mappings: [isOn],
        custom: { fillOpacity: 80, lineWidth: 0, spanNulls: false },
      },
      overrides: [],
    },
    options: {
      mergeValues: true,
      rowHeight: 0.8,
      showValue: 'never',
      legend: { showLegend: false, displayMode: 'list', placement: 'bottom' },
    },
  };
}

const grafanaUnit: Readonly<Record<Unit, string>> = {
  ratio: 'percentunit',
  seconds: 's',
  'per-second': 'reqps',
  count: 'short',
  times: 'none',
  hours: 'h',
};

function defaultsOf({ unit, thresholds }: Panel): object {
  return {
    unit: grafanaUnit[unit],
    thresholds: { mode: 'absolute', steps: steps(thresholds) },
  };
}

/** Grafana colours upwards from each step; the first has no lower end. Red is kept for alerts. */
function steps([threshold]: readonly Threshold[]): object[] {
  if (threshold === undefined) return [{ color: 'blue', value: null }];
  const [below, above] = threshold.bad === 'above' ? ['green', 'orange'] : ['orange', 'green'];
  return [
    { color: below, value: null },
    { color: above, value: threshold.value },
  ];
}
