import type { IncomingMessage, ServerResponse } from 'node:http';
import { monotonicMs, systemClock, type Clock } from '../vocabulary/clock.ts';
import {
  frameworkRoute,
  type FastifyRequestLike,
  type HonoContextLike,
  type KoaContextLike,
} from './framework-route.ts';
import type { NodeHandler } from './node-handler.ts';
import { expressRoute, knownMethod, routeLabel, type RequestObservation } from './request-observation.ts';

export interface RouteOptions {
  /**
   * Finds the template of the route when the answer has been sent, such as `(request) => request.routeOptions.url`.
   * What it throws, and `undefined`, count as `unmatched`. Never return the address itself.
   *
   * @defaultValue what the framework matched. With Express a mount path with parameters needs a router with
   * `mergeParams: true`; without it Express does not tell which segments they are, and their values would become routes.
   */
  readonly route?: (request: IncomingMessage) => string | undefined;
  readonly clock?: Clock;
}

/** Watches requests of a service, in the way of its framework. Changes neither request nor response, and never throws. */
export interface RequestObserver extends NodeHandler {
  /** For Fastify: `app.addHook('onRequest', requests.fastify)`. */
  readonly fastify: (
    request: FastifyRequestLike,
    reply: { readonly raw: ServerResponse },
    done: () => void,
  ) => void;
  /** For Koa: `app.use(requests.koa)`, before all others. Routes are those of `@koa/router`. */
  readonly koa: (context: KoaContextLike, next: () => Promise<unknown>) => Promise<void>;
  /** For Hono, on Node and elsewhere: `app.use(requests.hono)`, before all others. */
  readonly hono: (context: HonoContextLike, next: () => Promise<unknown>) => Promise<void>;
}

/**
 * A middleware for Express, Connect, node:http and node:http2 that tells of every request once, when it ends; other
 * frameworks take its properties.
 */
export function observeRequests(
  observe: (observation: RequestObservation) => void,
  { route, clock = systemClock }: RouteOptions = {},
): RequestObserver {
  /** @param matched - Asked when the answer has been sent: the route is known then. */
  function watch(
    request: IncomingMessage,
    response: ServerResponse,
    matched: () => string | undefined,
  ): void {
    try {
      const tell = stopwatch(request.method, () => (route === undefined ? matched() : route(request)));
      // 'close' comes exactly once, after 'finish' or without it when the client went away.
      response.once('close', () => tell(response.writableFinished ? String(response.statusCode) : '499'));
    } catch {
      // A response that is no ServerResponse cannot be watched; it must be served all the same.
    }
  }

  function stopwatch(method: string | undefined, find: () => string | undefined): (code: string) => void {
    const startMs = monotonicMs(clock);
    return (code) =>
      observe({
        method: knownMethod(method),
        route: routeLabel(guarded(find)),
        code,
        durationSeconds: Math.max(0, monotonicMs(clock) - startMs) / 1000,
      });
  }

  const handler: NodeHandler = (request, response, next) => {
    watch(request, response, () => expressRoute(request));
    next?.();
  };
  return Object.assign(handler, {
    fastify: ((request, reply, done) => {
      watch(request.raw, reply.raw, () => frameworkRoute.fastify(request));
      done();
    }) satisfies RequestObserver['fastify'],
    koa: (async (context, next) => {
      watch(context.req, context.res, () => frameworkRoute.koa(context));
      await next();
    }) satisfies RequestObserver['koa'],
    hono: (async (context, next) => {
      const { incoming, outgoing } = (context.env ?? {}) as {
        incoming?: IncomingMessage;
        outgoing?: ServerResponse;
      };
      const matched = (): string | undefined => frameworkRoute.hono(context);
      if (incoming !== undefined && outgoing !== undefined) {
        watch(incoming, outgoing, matched);
        await next();
        return;
      }
      // Not on Node: the answer is timed until it begins, and nobody tells of a client that went away.
      const tell = stopwatch(context.req.method, matched);
      let code = '500';
      try {
        await next();
        code = String(context.res.status);
      } finally {
        tell(code);
      }
    }) satisfies RequestObserver['hono'],
  });
}

function guarded<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
