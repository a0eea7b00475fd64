import { expect, it } from 'vitest';
import { sectionIds } from './panel.ts';
import { panels } from './panels.ts';

const targets = panels.flatMap((panel) => panel.targets.map(({ expr }) => [panel.id, expr] as const));

it('names every panel once', () => {
  const ids = panels.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});

it('fills every section, in reading order', () => {
  expect([...new Set(panels.map(({ section }) => section))]).toEqual(sectionIds);
});

it.for(targets)('%s takes the rate of counters only, and of every counter: %s', ([, expr]) => {
  for (const [, metric] of expr.matchAll(/(?:rate|increase)\((\w+)/g)) {
    expect(metric).toMatch(/_(total|bucket)$/);
  }
  const counters = [...expr.matchAll(/\w+_(?:total|bucket)\b/g)];
  const rated = [...expr.matchAll(/(?:rate|increase)\(\w+_(?:total|bucket)(?:\{[^}]*\})?\[/g)];
  expect(counters).toHaveLength(rated.length);
});

it.for(targets)('%s balances its brackets: %s', ([, expr]) => {
  const depth = (open: string, close: string): number => expr.split(open).length - expr.split(close).length;
  expect([depth('(', ')'), depth('[', ']'), depth('{', '}')]).toEqual([0, 0, 0]);
});

it.for(panels.filter((panel) => panel.view === 'stat'))('$id answers one figure', ({ targets: [target] }) => {
  // An aggregation without `by`, or arithmetic of such.
  expect(target.expr).toMatch(/^(?:1 - )?(?:min|max|avg|sum|histogram_quantile)\(/);
});
