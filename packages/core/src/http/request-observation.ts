/** One answered HTTP request, in bounded words. */
export interface RequestObservation {
  /** A method of the closed list, or `_OTHER`. */
  readonly method: string;
  /** The template of the route, such as `/users/:id`; never the address itself. */
  readonly route: string;
  /** Three digits; `499` when the client went away before the answer. */
  readonly code: string;
  /** Seconds from the first middleware to the last byte handed over. */
  readonly durationSeconds: number;
}

/** The route of a request that no route answered, or whose router is unknown. */
const UNMATCHED_ROUTE = 'unmatched';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']);
const MAX_ROUTE_LENGTH = 256;

/** The method, or `_OTHER` for what clients make up. */
export function knownMethod(method: string | undefined): string {
  return method !== undefined && METHODS.has(method) ? method : '_OTHER';
}

/** The route as a label value; `unmatched` when there is none or it is too long to be a template. */
export function routeLabel(route: unknown): string {
  return typeof route === 'string' && route.length > 0 && route.length <= MAX_ROUTE_LENGTH
    ? route
    : UNMATCHED_ROUTE;
}

/** The template that Express matched: mount path and route path. `undefined` for every other framework. */
export function expressRoute(request: object): string | undefined {
  const { baseUrl, route } = request as { baseUrl?: unknown; route?: { path?: unknown } };
  const path = writtenPath(route?.path);
  if (path === undefined) return undefined;
  const mount = typeof baseUrl === 'string' ? withoutParameters(baseUrl, request) : '';
  return mount !== '' && path === '/' ? mount : mount + path;
}

/** A route is written in the code as a template, a regular expression, or several of them. */
function writtenPath(path: unknown): string | undefined {
  if (typeof path === 'string') return path;
  if (path instanceof RegExp) return String(path);
  return Array.isArray(path) ? path.map(writtenPath).join('|') : undefined;
}

/**
 * Express gives the mount path as it was requested: put the names of parameters back where their values stand. It tells
 * the parameters of a mount path only to a router with `mergeParams`.
 */
function withoutParameters(baseUrl: string, request: object): string {
  const { params = {} } = request as { params?: Record<string, unknown> };
  const nameOf = new Map(Object.entries(params).map(([name, value]) => [value, name]));
  return baseUrl
    .split('/')
    .map((segment) => {
      const name = nameOf.get(segment) ?? nameOf.get(decoded(segment));
      return name === undefined || segment === '' ? segment : `:${name}`;
    })
    .join('/');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
