import { expect, it } from 'vitest';
import { panels } from '../panels/panels.ts';
import { grafanaDashboard, type GrafanaDashboard } from './grafana-dashboard.ts';

interface DrawnTarget {
  refId: string;
  expr: string;
  datasource: { uid: string };
}

// As Grafana reads it: through JSON, where undefined and functions are lost.
const dashboards = (['zh-CN', 'en'] as const).map(
  (locale) => [locale, JSON.parse(JSON.stringify(grafanaDashboard({ locale }))) as GrafanaDashboard] as const,
);

it.for(dashboards)('%s: every panel has an id and a place of its own', ([, dashboard]) => {
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const taken = new Map<string, string>();
  for (const { title, gridPos } of dashboard.panels) {
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect([title, taken.get(`${x},${y}`)]).toEqual([title, undefined]);
        taken.set(`${x},${y}`, title);
      }
    }
  }
});

it.for(dashboards)('%s: every panel of ours is there with all its queries', ([locale, dashboard]) => {
  const drawn = dashboard.panels.filter(({ type }) => type !== 'row');
  expect(drawn.map(({ title }) => title).toSorted()).toEqual(
    panels.map(({ title }) => title[locale]).toSorted(),
  );
  expect(drawn.flatMap(targetsOf)).toHaveLength(panels.flatMap(({ targets }) => targets).length);
});

it.for(dashboards)('%s: every query can be asked', ([, dashboard]) => {
  for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
    const targets = targetsOf(panel);
    expect([panel.title, new Set(targets.map(({ refId }) => refId)).size]).toEqual([
      panel.title,
      targets.length,
    ]);
    for (const { expr, datasource } of targets) {
      expect(expr).not.toBe('');
      expect(expr).not.toContain('$window'); // a variable that Grafana does not know
      expect(datasource.uid).toBe('${datasource}');
    }
  }
});

it('can be provisioned: classic schema, a data source variable, no inputs', () => {
  const dashboard = grafanaDashboard();
  expect(dashboard.schemaVersion).toBe(39);
  expect(JSON.stringify(dashboard)).not.toContain('__inputs');
  expect(dashboard).toMatchObject({ templating: { list: [{ name: 'datasource', type: 'datasource' }] } });
});

it('has a uid for each language, so that both can be installed', () => {
  expect(dashboards.map(([, { uid }]) => uid)).toEqual(['tidewatch-zh', 'tidewatch-en']);
});

it('keeps its structure', () => {
  const outline = grafanaDashboard({ locale: 'en' }).panels.map(
    ({ type, title, gridPos: { x, y, w, h } }) => `${type} "${title}" at ${x},${y} size ${w}×${h}`,
  );
  expect(outline).toMatchSnapshot();
});

it('draws a threshold in the direction that is bad, starting from nothing', () => {
  const stat = (title: string): unknown =>
    grafanaDashboard({ locale: 'en' }).panels.find((panel) => panel.title === title)?.['fieldConfig'];
  expect(stat('Accuracy')).toMatchObject({
    defaults: {
      unit: 'percentunit',
      thresholds: {
        steps: [
          { color: 'orange', value: null },
          { color: 'green', value: 0.85 },
        ],
      },
    },
  });
  expect(stat('Latency P99')).toMatchObject({
    defaults: {
      unit: 's',
      thresholds: {
        steps: [
          { color: 'green', value: null },
          { color: 'orange', value: 0.5 },
        ],
      },
    },
  });
});

function targetsOf(panel: GrafanaDashboard['panels'][number]): DrawnTarget[] {
  return panel['targets'] as DrawnTarget[];
}

it('refuses a language that is not there', () => {
  expect(() => grafanaDashboard({ locale: 'fr' as 'en' })).toThrow(
    /grafanaDashboard: locale: expected 'zh-CN' or 'en'/,
  );
});
