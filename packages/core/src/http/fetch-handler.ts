/**
 * Answers one HTTP request, or `undefined` when the path is none of its own.
 *
 * The web's own Request and Response are what Hono, Bun, Deno and Next route handlers speak;
 * {@link toNodeHandler} adapts it to node:http, Express, Koa and Fastify.
 */
export type FetchHandler = (request: Request) => Promise<Response | undefined>;

/** Tries the handlers in order; the first that knows the path answers. */
export function firstHandler(handlers: readonly FetchHandler[]): FetchHandler {
  return async (request) => {
    for (const handler of handlers) {
      const response = await handler(request);
      if (response !== undefined) return response;
    }
    return undefined;
  };
}
