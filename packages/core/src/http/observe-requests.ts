import type { IncomingMessage, ServerResponse } from 'node:http';
import { monotonicMs, systemClock, type Clock } from '../vocabulary/clock.ts';
import type { NodeHandler } from './node-handler.ts';
import { expressRoute, knownMethod, routeLabel, type RequestObservation } from './request-observation.ts';

export interface RouteOptions {
  /**
   * Finds the template of the route when the answer has been sent, such as `(request) => request.routeOptions.url`.
   * What it throws, and `undefined`, count as `unmatched`. Never return the address itself.
   *
   * @defaultValue what Express matched. A mount path with parameters needs a router with `mergeParams: true`;
   * without it Express does not tell which segments they are, and their values would become routes.
   */
  readonly route?: (request: IncomingMessage) => string | undefined;
  readonly clock?: Clock;
}

/**
 * A middleware for Express, Connect and node:http that tells of every request once, when it ends.
 *
 * It changes neither request nor response, and what it does itself never throws into the host.
 */
export function observeRequests(
  observe: (observation: RequestObservation) => void,
  { route = expressRoute, clock = systemClock }: RouteOptions = {},
): NodeHandler {
  return (request, response, next) => {
    try {
      watch(request, response);
    } catch {
      // A response that is no ServerResponse cannot be watched; it must be served all the same.
    }
    next?.();
  };

  function watch(request: IncomingMessage, response: ServerResponse): void {
    const startMs = monotonicMs(clock);
    // 'close' comes exactly once, after 'finish' or without it when the client went away.
    response.once('close', () => {
      observe({
        method: knownMethod(request.method),
        route: routeLabel(guarded(() => route(request))),
        code: response.writableFinished ? String(response.statusCode) : '499',
        durationSeconds: Math.max(0, monotonicMs(clock) - startMs) / 1000,
      });
    });
  }
}

function guarded<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
