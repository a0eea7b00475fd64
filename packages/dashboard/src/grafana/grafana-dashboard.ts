import type { Locale } from '@tidewatch/core';
import { sectionIds, type Panel } from '../panels/panel.ts';
import { panels } from '../panels/panels.ts';
import { text } from '../text/catalogue.ts';
import { requireLocale } from '../text/require-locale.ts';
import { grafanaPanel, type GrafanaPanel } from './grafana-panel.ts';
import { evenWidths, flow, type GridSize } from './grid-layout.ts';

export interface GrafanaDashboardOptions {
  /** @defaultValue 'zh-CN' */
  readonly locale?: Locale;
  /** What Grafana calls it. @defaultValue the title of the page, in its language */
  readonly title?: string;
  /** How often Grafana asks. @defaultValue '10s' */
  readonly refresh?: string;
}

/** Grafana's classic dashboard JSON, as far as it is typed here; `JSON.stringify` it into a file. */
export interface GrafanaDashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: 39;
  readonly panels: readonly GrafanaPanel[];
  readonly [property: string]: unknown;
}

/**
 * The page's panels as a Grafana dashboard, for import and for file provisioning.
 *
 * Schema version 39 is what Grafana 11.1 writes: newer ones migrate it forward, while a newer version
 * would be refused by an older server. Each language has a uid of its own, so both can be installed.
 *
 * @throws {@link ConfigError} for a language that is not there.
 */
export function grafanaDashboard(options: GrafanaDashboardOptions = {}): GrafanaDashboard {
  const { locale = 'zh-CN', refresh = '10s' } = options;
  requireLocale('grafanaDashboard', locale);
  const { title = text('page.title')[locale] } = options;
  return {
    uid: `tidewatch-${locale.slice(0, 2)}`,
    title,
    tags: ['tidewatch'],
    schemaVersion: 39,
    version: 1,
    editable: false,
    graphTooltip: 1, // one crosshair for all panels
    refresh,
    time: { from: 'now-1h', to: 'now' },
    timezone: 'browser',
    annotations: {
      list: [
        {
          builtIn: 1,
          datasource: { type: 'grafana', uid: '-- Grafana --' },
          enable: true,
          hide: true,
          name: 'Annotations & Alerts',
          type: 'dashboard',
        },
      ],
    },
    templating: {
      list: [
        {
          name: 'datasource',
          label: 'Data source',
          type: 'datasource',
          query: 'prometheus',
          hide: 0,
          current: {},
        },
      ],
    },
    panels: rows(locale),
  };
}

function rows(locale: Locale): GrafanaPanel[] {
  const drawn: GrafanaPanel[] = [];
  let bottom = 0;
  const add = (heading: string, group: readonly Panel[], sizes: readonly GridSize[]): void => {
    const row = { x: 0, y: bottom, w: 24, h: 1 };
    drawn.push({
      id: drawn.length + 1,
      type: 'row',
      title: heading,
      gridPos: row,
      collapsed: false,
      panels: [],
    });
    const laid = flow(sizes, bottom + 1);
    for (const [index, panel] of group.entries()) {
      const place = laid.places[index];
      if (place !== undefined) drawn.push(grafanaPanel(panel, drawn.length + 1, place, locale));
    }
    bottom = laid.bottom;
  };

  const headlines = panels.filter(isHeadline);
  add(
    text('section.overview')[locale],
    headlines,
    evenWidths(headlines.length).map((w) => ({ w, h: 5 })),
  );
  for (const section of sectionIds) {
    const here = panels.filter((panel) => panel.section === section && !isHeadline(panel));
    const stats = here.filter(isStat);
    const others = here.filter((panel) => !isStat(panel));
    const widths = evenWidths(Math.max(4, stats.length));
    add(
      text(`section.${section}`)[locale],
      [...stats, ...others],
      [...stats.map((_, index) => ({ w: widths[index] ?? 6, h: 4 })), ...others.map(() => ({ w: 8, h: 8 }))],
    );
  }
  return drawn;
}

function isStat(panel: Panel): boolean {
  return panel.view === 'stat';
}

function isHeadline(panel: Panel): boolean {
  return panel.view === 'stat' && panel.isHeadline === true;
}
