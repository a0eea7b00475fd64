import {
  ConfigError,
  systemClock,
  type Clock,
  type ConfigIssue,
  type FetchHandler,
  type MetricDefinition,
} from '@tidewatch/core';
import type { Engine } from '../engine/engine.ts';
import type { Store } from '../store/store.ts';
import { failure, fromError, text, type Answer } from './answers.ts';
import { guardIssues, refusalOf, refusalText, type GuardOptions } from './guard.ts';
import { labelRoutes } from './label-routes.ts';
import { readParameters } from './parameters.ts';
import { queryRoutes } from './query-routes.ts';
import { respond } from './respond.ts';
import type { Route } from './route.ts';
import { ruleRoutes } from './rule-routes.ts';
import { statusRoutes } from './status-routes.ts';

export interface ApiOptions extends GuardOptions {
  /** Answers `query` and `query_range`. */
  readonly engine: Pick<Engine, 'instant' | 'range'>;
  /** Lists series and labels. */
  readonly store: Pick<Store, 'series'>;
  /** The member `data` of `/api/v1/rules`, which the API filters. @defaultValue no groups */
  readonly rules?: () => unknown;
  /** The member `data` of `/api/v1/alerts`. @defaultValue no alerts */
  readonly alerts?: () => unknown;
  /** What `/api/v1/metadata` tells about the metrics. */
  readonly metrics?: readonly MetricDefinition[];
  readonly clock?: Clock;
}

/** Paths that a load balancer or a start-up script asks, without authorization. */
const HEALTH: Readonly<Record<string, string>> = {
  '/-/healthy': 'Tidewatch is Healthy.\n',
  '/-/ready': 'Tidewatch is Ready.\n',
};

/**
 * The Prometheus HTTP API, so that Grafana, promtool and scripts can read this process as if it were a server.
 *
 * Only this machine may ask, by a name of its own, unless `token` or `authorize` is given: metrics tell much about a
 * service. No page of another origin is let in: there are no CORS headers. Answers `undefined` for paths that are not
 * its own. It never throws: what fails becomes an error body.
 *
 * @throws {@link ConfigError} when engine or store is missing, or the token is short.
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export function createApi(options: ApiOptions): FetchHandler {
  requireApiOptions(options);
  const { engine, store, metrics = [], clock = systemClock } = options;
  const routes: readonly Route[] = [
    ...queryRoutes(engine, clock),
    ...labelRoutes(store, clock),
    ...ruleRoutes(options),
    ...statusRoutes(metrics, clock),
  ];

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const health = Object.hasOwn(HEALTH, pathname) ? HEALTH[pathname] : undefined;
    if (health !== undefined) return text(health);
    if (pathname === '/api/health') return Response.json({ database: 'ok' });
    for (const { path, methods, answer } of routes) {
      const match = path.exec(pathname);
      if (match === null) continue;
      const allow = [...methods, 'OPTIONS'].join(', ');
      if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
      if (!methods.includes(request.method)) {
        return text('Method Not Allowed\n', { status: 405, headers: { allow } });
      }
      try {
        const refusal = await refusalOf(request, options);
        if (refusal !== undefined) return respond(request, refused(...refusalText(refusal)));
        const parameters = await readParameters(request, searchParams);
        const { signal } = request;
        return respond(request, await answer({ parameters, pathParameter: match[1], signal }));
      } catch (error) {
        return respond(request, fromError(error, request.signal));
      }
    }
    return undefined;
  };
}

function refused(status: number, errorType: string, error: string): Answer {
  return failure(status, errorType, error, status === 401 ? { 'www-authenticate': 'Bearer' } : {});
}

function requireApiOptions(options: ApiOptions): void {
  const { engine, store } = options;
  const issues: ConfigIssue[] = [];
  for (const [path, isThere] of [
    ['engine', typeof engine?.instant === 'function'],
    ['store', typeof store?.series === 'function'],
  ] as const) {
    if (isThere) continue;
    const problem = `expected what create${path === 'store' ? 'Store' : 'Engine'}() answers`;
    issues.push({ code: 'missing-key', path, problem });
  }
  const [first, ...others] = [...issues, ...guardIssues(options)];
  if (first !== undefined) throw new ConfigError('createApi', [first, ...others]);
}
