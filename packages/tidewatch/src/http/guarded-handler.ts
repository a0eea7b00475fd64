import {
  toNodeHandler,
  type FetchHandler,
  type Locale,
  type Logger,
  type NodeHandler,
} from '@tidewatch/core';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAllowed, mayChange, type Access } from './access.ts';
import { refusalText } from './refusal-text.ts';

/** Paths that load balancers and Kubernetes ask, and that tell nothing but that the process lives. */
const PUBLIC_PATHS = new Set(['/-/healthy', '/-/ready', '/api/health']);

/** What is served, by whom. */
export interface Mounts {
  /** Served below `/monitor`, with that prefix taken away. */
  readonly page: FetchHandler;
  /** Served at `/metrics`, below `/api/v1` and at the paths that tell whether the process lives. */
  readonly api: FetchHandler;
  /** Served at the paths of Alertmanager's API for alerts and silences, below `/api/v2`. */
  readonly alerts: FetchHandler;
}

export interface GuardOptions {
  readonly access: Access;
  /** Language of the refusal. */
  readonly locale: Locale;
  /** Must not throw. */
  readonly logger: Logger;
}

/** Serves what is mounted to those who have access, and leaves every other request to the host untouched. */
export function guardedHandler(
  { page, api, alerts }: Mounts,
  { access, locale, logger }: GuardOptions,
): NodeHandler {
  const servePage = toNodeHandler(page, { logger });
  const serveApi = toNodeHandler(api, { logger });
  const serveAlerts = toNodeHandler(alerts, { logger });

  async function serve(path: string, ...[request, response, next]: Parameters<NodeHandler>): Promise<void> {
    const isChange = isAlerts(path) && request.method !== 'GET' && request.method !== 'HEAD';
    const may = PUBLIC_PATHS.has(path) || (await (isChange ? mayChange : isAllowed)(access, request));
    if (!may) {
      response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(refusalText(isChange && access === 'any' ? 'loopback' : access, locale));
    } else if (isAlerts(path)) serveAlerts(request, response, next);
    else if (!isPage(path)) serveApi(request, response, next);
    else if (path === '/monitor') redirectToFolder(request, response);
    else serveWithoutPrefix(request, response, next);
  }

  /** As Express does for a mounted app: the rest of the path while it is ours, the whole again when it is not. */
  function serveWithoutPrefix(...[request, response, next]: Parameters<NodeHandler>): void {
    const { url = '' } = request;
    request.url = url.slice('/monitor'.length);
    servePage(request, response, () => {
      request.url = url;
      leave(response, next);
    });
  }

  return (request, response, next) => {
    const path = pathOf(request);
    // Before anything of ours runs: what the host's own handlers throw is the host's.
    if (!isPage(path) && !isApi(path) && !isAlerts(path)) {
      leave(response, next);
      return;
    }
    serve(path, request, response, next).catch((error: unknown) => {
      logger.error({ error, path }, 'a request could not be served');
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain' }).end('internal error\n');
    });
  };
}

function isPage(path: string): boolean {
  return path === '/monitor' || path.startsWith('/monitor/');
}

function isApi(path: string): boolean {
  return path === '/metrics' || path.startsWith('/api/v1/') || PUBLIC_PATHS.has(path);
}

function isAlerts(path: string): boolean {
  return /^\/api\/v2\/(?:alerts(?:\/explain)?|silences|silence\/[^/]+)$/.test(path);
}

function pathOf({ url = '/' }: IncomingMessage): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** The page names its parts relative to a folder. The address is relative too: it holds behind a mount or a proxy. */
function redirectToFolder({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const query = url.slice('/monitor'.length);
  response.writeHead(308, { location: `monitor/${query}` }).end();
}

function leave(response: ServerResponse, next: ((error?: unknown) => void) | undefined): void {
  if (next !== undefined) next();
  else response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
}
