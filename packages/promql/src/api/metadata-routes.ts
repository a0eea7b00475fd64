import type { Clock, Labels, MetricDefinition } from '@tidewatch/core';
import { PromqlError } from '../errors.ts';
import { compareBytes } from '../labels/byte-order.ts';
import { allMatchers, type Expr, type LabelMatcher } from '../language/ast.ts';
import { parse } from '../language/parse.ts';
import type { Store } from '../store/store.ts';
import { success } from './answers.ts';
import { BadParameter, BadRequest, limitParameter, timeParameter } from './parameters.ts';
import type { Route, RouteRequest } from './route.ts';

const GET = ['GET', 'HEAD'] as const;
const READ = ['GET', 'POST', 'HEAD'] as const;

/** Whose API this is like. Grafana reads the version to know what it may ask; a member `features` would mean Mimir. */
const BUILD_INFO = {
  version: '3.5.0',
  revision: 'tidewatch',
  branch: '',
  buildUser: '',
  buildDate: '',
  goVersion: '',
};

export interface MetadataOptions {
  readonly store: Pick<Store, 'series'>;
  readonly rules?: () => unknown;
  readonly alerts?: () => unknown;
  readonly metrics?: readonly MetricDefinition[];
  readonly clock: Clock;
}

/** What there is to query: series, labels, metrics, rules and alerts. */
export function metadataRoutes({
  store,
  rules,
  alerts,
  metrics = [],
  clock,
}: MetadataOptions): readonly Route[] {
  const seriesOf = ({ parameters }: RouteRequest, selectors: readonly string[]): readonly Labels[] => {
    const fromMs = timeParameter(parameters, 'start', 0);
    const toMs = timeParameter(parameters, 'end', clock.now());
    const lists: readonly (readonly LabelMatcher[])[] =
      selectors.length === 0 ? [[]] : selectors.map(parseSelector);
    const found = lists.flatMap((matchers) => store.series(matchers, fromMs, toMs));
    return [...new Map(found.map((labels) => [JSON.stringify(labels), labels])).values()];
  };
  const matchesOf = ({ parameters }: RouteRequest): readonly string[] => parameters.getAll('match[]');
  const limited = (request: RouteRequest, values: readonly unknown[]): Response =>
    success(values.slice(0, limitParameter(request.parameters)));

  return [
    {
      path: /^\/api\/v1\/series$/,
      methods: READ,
      answer(request) {
        const selectors = matchesOf(request);
        if (selectors.length === 0) throw new BadRequest('no match[] parameter provided');
        return limited(request, seriesOf(request, selectors));
      },
    },
    {
      path: /^\/api\/v1\/labels$/,
      methods: READ,
      answer(request) {
        const names = new Set(seriesOf(request, matchesOf(request)).flatMap((labels) => Object.keys(labels)));
        return limited(request, [...names].sort(compareBytes));
      },
    },
    {
      path: /^\/api\/v1\/label\/([^/]+)\/values$/,
      methods: GET,
      answer(request) {
        const name = request.pathParameter ?? '';
        const values = new Set<string>();
        for (const labels of seriesOf(request, matchesOf(request))) {
          const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
          if (value !== undefined) values.add(value);
        }
        return limited(request, [...values].sort(compareBytes));
      },
    },
    {
      path: /^\/api\/v1\/metadata$/,
      methods: GET,
      answer({ parameters }) {
        const wanted = parameters.get('metric');
        const entries = metrics
          .filter(({ name }) => wanted === null || wanted === '' || wanted === name)
          .slice(0, limitParameter(parameters))
          .map(({ name, kind, help, unit }) => [name, [{ type: kind, help, unit }]] as const);
        return success(Object.fromEntries(entries));
      },
    },
    {
      path: /^\/api\/v1\/rules$/,
      methods: GET,
      answer: async () => success((await rules?.()) ?? { groups: [] }),
    },
    {
      path: /^\/api\/v1\/alerts$/,
      methods: GET,
      answer: async () => success((await alerts?.()) ?? { alerts: [] }),
    },
    { path: /^\/api\/v1\/query_exemplars$/, methods: READ, answer: () => success([]) },
    { path: /^\/api\/v1\/status\/buildinfo$/, methods: GET, answer: () => success(BUILD_INFO) },
  ];
}

/** The place in a parse error counts within the selector: say which parameter that is. */
function parseText(text: string): Expr {
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof PromqlError ? new BadParameter('match[]', error.message) : error;
  }
}

function parseSelector(text: string): readonly LabelMatcher[] {
  const expr = parseText(text);
  if (expr.kind !== 'selector' || expr.offset !== undefined || expr.at !== undefined) {
    throw new BadParameter('match[]', `expected a selector such as {job="api"}, got ${text.slice(0, 100)}`);
  }
  return allMatchers(expr);
}
