import { toNodeHandler, type FetchHandler, type Logger, type NodeHandler } from '@tidewatch/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAllowed, type Access } from './access.ts';

const REFUSAL = [
  'Tidewatch answers this address only to this machine.',
  "To open it, set the option access: 'any' behind a guard of your own, or a function that decides.",
  '',
].join('\n');

/** Paths that load balancers and Kubernetes ask, and that tell nothing but that the process lives. */
const PUBLIC_PATHS = new Set(['/-/healthy', '/-/ready', '/api/health']);

/** Routes below these prefixes are ours; every other path belongs to the host. */
export interface Mounts {
  /** Served below `/monitor`, with that prefix taken away. */
  readonly page: FetchHandler;
  /** Served as they are; each knows its paths. */
  readonly others: FetchHandler;
}

/** Serves what is mounted to those who have access, and leaves every other request to the host untouched. */
export function guardedHandler({ page, others }: Mounts, access: Access, logger: Logger): NodeHandler {
  const servePage = toNodeHandler(page, { logger });
  const serveOthers = toNodeHandler(others, { logger });

  async function serve(...[request, response, next]: Parameters<NodeHandler>): Promise<void> {
    const path = pathOf(request);
    const isPage = path === '/monitor' || path.startsWith('/monitor/');
    if (!isPage && !isOurs(path)) return leave(response, next);
    if (!PUBLIC_PATHS.has(path) && !(await isAllowed(access, request))) {
      response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(REFUSAL);
      return undefined;
    }
    if (!isPage) return serveOthers(request, response, next);
    if (path === '/monitor') return redirect(request, response);
    const whole = request.url;
    request.url = (whole ?? '').slice('/monitor'.length);
    return servePage(request, response, () => {
      if (whole !== undefined) request.url = whole;
      leave(response, next);
    });
  }

  return (request, response, next) => {
    serve(request, response, next).catch((error: unknown) => {
      logger.error({ error }, 'a request could not be served');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

function isOurs(path: string): boolean {
  return path === '/metrics' || path.startsWith('/api/v1/') || PUBLIC_PATHS.has(path);
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** Relative, so that it holds behind a proxy that takes a prefix away. */
function redirect({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const query = url.slice('/monitor'.length);
  response.writeHead(308, { location: `monitor/${query}` }).end();
}

function leave(response: ServerResponse, next: ((error?: unknown) => void) | undefined): void {
  if (next !== undefined) next();
  else response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
}
