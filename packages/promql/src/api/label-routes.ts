import type { Clock, Labels } from '@tidewatch/core';
import { compareBytes } from '../labels/byte-order.ts';
import type { Store } from '../store/store.ts';
import { success, successOf, TRUNCATED } from './answers.ts';
import { labelNameOf } from './label-name.ts';
import { BadParameter, BadRequest, limitParameter, optionalTime } from './parameters.ts';
import type { Route, RouteRequest } from './route.ts';
import { readSelectors } from './selectors.ts';
import { writeLabelSets } from './write-answer.ts';

const GET = ['GET', 'HEAD'] as const;
const READ = ['GET', 'POST', 'HEAD'] as const;

/** `series`, `labels` and the values of a label: what there is to query. */
export function labelRoutes(store: Pick<Store, 'series'>, clock: Clock): readonly Route[] {
  /** The series that one of `match[]` selects within the times; without `match[]` all of them. */
  async function seriesOf({ parameters }: RouteRequest): Promise<readonly Labels[]> {
    const fromMs = optionalTime(parameters, 'start', 0);
    const toMs = optionalTime(parameters, 'end', clock.now());
    const selectors = readSelectors(parameters);
    if (selectors.length === 0) return store.series([], fromMs, toMs);
    if (selectors.length === 1) return store.series(selectors[0] ?? [], fromMs, toMs);
    const byText = new Map<string, Labels>();
    for (const matchers of selectors) {
      for (const labels of await store.series(matchers, fromMs, toMs)) byText.set(keyOf(labels), labels);
    }
    return [...byText].toSorted(([a], [b]) => compareBytes(a, b)).map(([, labels]) => labels);
  }

  return [
    {
      path: /^\/api\/v1\/series$/,
      methods: READ,
      async answer(request) {
        if (!request.parameters.has('match[]')) throw new BadRequest('no match[] parameter provided');
        const limit = limitParameter(request.parameters);
        try {
          const { entries, ...remarks } = limited(await seriesOf(request), limit);
          return successOf(writeLabelSets(entries), remarks);
        } catch (error) {
          // Only here the parameter is named.
          const isOther = !(error instanceof BadRequest) || error instanceof BadParameter;
          throw isOther ? error : new BadParameter('match[]', error.message);
        }
      },
    },
    {
      path: /^\/api\/v1\/labels$/,
      methods: READ,
      async answer(request) {
        const limit = limitParameter(request.parameters);
        const names = new Set<string>();
        for (const labels of await seriesOf(request)) for (const name of Object.keys(labels)) names.add(name);
        const { entries, ...remarks } = limited([...names].sort(compareBytes), limit);
        return success(entries, remarks);
      },
    },
    {
      path: /^\/api\/v1\/label\/([^/]+)\/values$/,
      methods: GET,
      async answer(request) {
        const name = labelNameOf(request.pathParameter ?? '');
        const limit = limitParameter(request.parameters);
        const values = new Set<string>();
        for (const labels of await seriesOf(request)) {
          const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
          if (value !== undefined) values.add(value);
        }
        const { entries, ...remarks } = limited([...values].sort(compareBytes), limit);
        return success(entries, remarks);
      },
    },
  ];
}

/** The first entries, and a remark when there were more. */
function limited<T>(
  entries: readonly T[],
  limit: number,
): { readonly entries: readonly T[]; readonly warnings?: readonly string[] } {
  return entries.length > limit ? { entries: entries.slice(0, limit), warnings: [TRUNCATED] } : { entries };
}

/** Sorts as the labels do, name by name and value by value. */
function keyOf(labels: Labels): string {
  return Object.entries(labels).flat().join('\u0000');
}
