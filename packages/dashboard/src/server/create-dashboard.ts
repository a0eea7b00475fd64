import { createHash } from 'node:crypto';
import {
  ConfigError,
  guardedLogger,
  silentLogger,
  systemClock,
  type Clock,
  type FetchHandler,
  type InstantQuery,
  type Locale,
  type Logger,
  type RangeQuery,
} from '@tidewatch/core';
import type { PageData } from '../data/page-data.ts';
import { createPageDataSource } from '../data/page-data-source.ts';
import { isRangeId, rangeIds } from '../data/time-range.ts';
import type { AlertView, DecisionView, Notice } from '../data/views.ts';
import { text } from '../text/catalogue.ts';
import { requireLocale } from '../text/require-locale.ts';
import { pageAssets, type PageAsset } from './page-assets.ts';
import { pageHtml } from './page-html.ts';
import { securityHeaders } from './security-headers.ts';

export interface DashboardOptions {
  /** Answers the figures: `@tidewatch/promql`'s engine, or a Prometheus server. */
  readonly query: InstantQuery;
  /** Answers the courses. */
  readonly queryRange: RangeQuery;
  /** An autoscaler's decisions, in any order. Called once a refresh; without it the list says so. */
  readonly decisions?: () => readonly DecisionView[];
  /** Present and recent alerts, in any order. Called once a refresh; without it the list says so. */
  readonly alerts?: () => readonly AlertView[];
  /** Sentences for the head of the page. */
  readonly notices?: () => readonly Notice[];
  /** Heading and window title. */
  readonly title?: string;
  /** Language of the first visit; the page remembers what the reader switches to. @defaultValue 'zh-CN' */
  readonly locale?: Locale;
  /** How often figures are evaluated, however many are looking. At least 500. @defaultValue 5000 */
  readonly refreshMs?: number;
  /** Time between two samples of the source; `rate` looks back over four of them. @defaultValue 15000 */
  readonly sampleIntervalMs?: number;
  /** After this long the panels still unanswered show that their query failed. @defaultValue 10000 */
  readonly queryTimeoutMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/**
 * The dashboard as a handler: `/` is the page, `/app.js` and `/app.css` its parts, `/data?range=15m` its
 * figures. Mount it anywhere with `toNodeHandler`; there is no path to configure.
 *
 * It changes nothing and has no guard of its own: mount it behind the one that protects your other
 * internal pages.
 *
 * @throws {@link ConfigError} for an option that cannot work.
 */
export function createDashboard(options: DashboardOptions): FetchHandler {
  const {
    query,
    queryRange,
    decisions,
    alerts,
    notices,
    locale = 'zh-CN',
    refreshMs = 5_000,
    sampleIntervalMs = 15_000,
    queryTimeoutMs = 10_000,
    clock = systemClock,
  } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);
  requireLocale('createDashboard', locale);
  checkFunction('query', query);
  checkFunction('queryRange', queryRange);
  checkAtLeast('refreshMs', refreshMs, 500);
  checkAtLeast('sampleIntervalMs', sampleIntervalMs, 1);
  checkAtLeast('queryTimeoutMs', queryTimeoutMs, 1);

  const title = options.title ?? text('page.title')[locale];
  const readAsset = pageAssets();
  // All viewers of a tick are sent the same text.
  const written = new WeakMap<PageData, string>();
  const readData = createPageDataSource({
    query,
    queryRange,
    decisions,
    alerts,
    notices,
    refreshMs,
    sampleIntervalMs,
    queryTimeoutMs,
    clock,
    logger,
  });

  return async (request) => {
    const url = new URL(request.url);
    const part = partOf(url);
    if (part === undefined) return undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(405, 'text/plain', 'only GET and HEAD\n', { allow: 'GET, HEAD' });
    }
    if (part === 'page') return page(request);
    if (part === 'data') return data(request, url.searchParams.get('range') ?? '15m');
    return asset(request, part);
  };

  async function page(request: Request): Promise<Response> {
    const isBuilt = (await readAsset('app.js')) !== undefined;
    return isBuilt ? cacheable(request, 'text/html', pageHtml({ title, locale })) : missingBundle(locale);
  }

  async function asset(request: Request, name: PageAsset): Promise<Response> {
    const type = name === 'app.js' ? 'text/javascript' : 'text/css';
    const content = await readAsset(name);
    return content === undefined ? missingBundle(locale) : cacheable(request, type, content);
  }

  async function data(request: Request, range: string): Promise<Response> {
    if (!isRangeId(range)) {
      return answer(400, 'text/plain', `range must be one of ${rangeIds.join(', ')}\n`);
    }
    const figures = await readData(range);
    const json = written.get(figures) ?? JSON.stringify(figures);
    written.set(figures, json);
    return cacheable(request, 'application/json', json, 'no-store');
  }
}

type Part = 'page' | PageAsset | 'data';

const partByPath: Readonly<Record<string, Part>> = {
  '/': 'page',
  '/app.js': 'app.js',
  '/app.css': 'app.css',
  '/data': 'data',
};

/** `/data` and `/?part=data` are the same: the page itself uses the second, see {@link pageHtml}. */
function partOf(url: URL): Part | undefined {
  const name = url.searchParams.get('part');
  const path = url.pathname === '/' && name !== null ? `/${name}` : url.pathname;
  return partByPath[path];
}

/** Asset names do not change with their content, so they are revalidated; figures are not kept at all. */
function cacheable(request: Request, type: string, body: string, cacheControl = 'no-cache'): Response {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = { etag, 'cache-control': cacheControl };
  const isKnown = request.headers.get('if-none-match')?.includes(etag) === true;
  return isKnown ? answer(304, undefined, null, headers) : answer(200, type, body, headers);
}

function missingBundle(locale: Locale): Response {
  return answer(503, 'text/plain', `${text('page.missing-bundle')[locale]}\n`);
}

function answer(
  status: number,
  type: string | undefined,
  body: string | null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const contentType = type === undefined ? {} : { 'content-type': `${type}; charset=utf-8` };
  const defaults = { 'cache-control': 'no-store' };
  return new Response(body, {
    status,
    headers: { ...securityHeaders, ...defaults, ...contentType, ...headers },
  });
}

function checkFunction(option: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new ConfigError('createDashboard', [
    {
      code: value === undefined ? 'missing-key' : 'wrong-type',
      path: option,
      problem: `expected a function, got ${value === null ? 'null' : typeof value}`,
      remedy: 'pass the query functions of @tidewatch/promql or of a Prometheus source',
    },
  ]);
}

function checkAtLeast(option: string, value: number, least: number): void {
  if (Number.isFinite(value) && value >= least) return;
  throw new ConfigError('createDashboard', [
    {
      code: 'out-of-range',
      path: option,
      problem: `expected at least ${least} ms, got ${String(value)}`,
    },
  ]);
}
