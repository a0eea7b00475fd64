import {
  ConfigError,
  systemClock,
  type Clock,
  type FetchHandler,
  type MetricDefinition,
} from '@tidewatch/core';
import type { Engine } from '../engine/engine.ts';
import type { Store } from '../store/store.ts';
import { failure, fromError, text } from './answers.ts';
import { BadRequest, readParameters } from './parameters.ts';
import { metadataRoutes } from './metadata-routes.ts';
import { queryRoutes } from './query-routes.ts';
import type { Route } from './route.ts';

export interface ApiOptions {
  readonly engine: Pick<Engine, 'instant' | 'range'>;
  readonly store: Pick<Store, 'series'>;
  /** The member `data` of `/api/v1/rules`. @defaultValue no groups */
  readonly rules?: () => unknown;
  /** The member `data` of `/api/v1/alerts`. @defaultValue no alerts */
  readonly alerts?: () => unknown;
  /** What `/api/v1/metadata` tells about the metrics. */
  readonly metrics?: readonly MetricDefinition[];
  /** Asked before every query; `false` is answered with 401. Absent: who can connect can read. */
  readonly authorize?: (request: Request) => boolean | Promise<boolean>;
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
 * Answers `undefined` for paths that are not its own. It never throws: what fails becomes an error body.
 *
 * @throws {@link ConfigError} when engine or store is missing.
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export function createApi(options: ApiOptions): FetchHandler {
  const { engine, store, authorize, clock = systemClock } = options;
  if (typeof engine?.instant !== 'function' || typeof store?.series !== 'function') {
    const path = typeof engine?.instant === 'function' ? 'store' : 'engine';
    const problem = `expected what create${path === 'store' ? 'Store' : 'Engine'}() answers`;
    throw new ConfigError('createApi', [{ code: 'missing-key', path, problem }]);
  }
  const routes: readonly Route[] = [...queryRoutes(engine, clock), ...metadataRoutes({ ...options, clock })];

  return async (request) => {
    const { pathname } = new URL(request.url);
    const health = Object.hasOwn(HEALTH, pathname) ? HEALTH[pathname] : undefined;
    if (health !== undefined) return text(health);
    if (pathname === '/api/health') return Response.json({ database: 'ok' });
    for (const { path, methods, answer } of routes) {
      const match = path.exec(pathname);
      if (match === null) continue;
      if (!methods.includes(request.method)) {
        return new Response('method not allowed\n', { status: 405, headers: { allow: methods.join(', ') } });
      }
      try {
        if (authorize !== undefined && !(await authorize(request))) {
          return failure(401, 'unauthorized', 'this needs authorization');
        }
        const parameters = await readParameters(request);
        const { signal } = request;
        return await answer({ parameters, pathParameter: decodePath(match[1]), signal });
      } catch (error) {
        return fromError(error, request.signal);
      }
    }
    return undefined;
  };
}

function decodePath(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    throw new BadRequest(`invalid path: ${text?.slice(0, 100)}`);
  }
}
