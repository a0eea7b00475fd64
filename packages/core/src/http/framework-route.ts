import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a Fastify request has of a route. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  readonly routeOptions?: { readonly url?: string | undefined };
}

/** What a Koa context has of a request. */
export interface KoaContextLike {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

/** What a Hono context has of a request. */
export interface HonoContextLike {
  readonly req: {
    readonly method: string;
    readonly matchedRoutes: readonly { readonly method: string; readonly path: string }[];
  };
  readonly res: { readonly status: number };
  /** On Node the server puts its own request and response here. */
  readonly env: unknown;
}

/** The template of the route that a framework matched; `undefined` when it matched none. */
export const frameworkRoute = {
  fastify: ({ routeOptions }: FastifyRequestLike): string | undefined => routeOptions?.url,

  /** `@koa/router` notes it in the context. */
  koa(context: KoaContextLike): string | undefined {
    const { _matchedRoute: matched } = context as { readonly _matchedRoute?: unknown };
    return matched instanceof RegExp ? String(matched) : (matched as string | undefined);
  },

  /** The last route that is for a method; middleware matches as well, for all methods and mostly by a wildcard. */
  hono({ req }: HonoContextLike): string | undefined {
    const routes = req.matchedRoutes;
    const handler = routes.findLast(({ method, path }) => method !== 'ALL' || !path.endsWith('*'));
    return handler?.path;
  },
};
