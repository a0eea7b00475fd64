import { setImmediate as turn } from 'node:timers/promises';
import {
  matchesAll,
  parseMatcher,
  splitMatchers,
  type Alert,
  type Alerting,
  type Matcher,
} from '@tidewatch/alerts';
import type { Clock, FetchHandler } from '@tidewatch/core';
import {
  toAlertmanagerJson,
  toExplainedJson,
  type AlertmanagerAlertJson,
  type ExplainedAlertJson,
} from './alert-json.ts';
import { readSilence } from './read-silence.ts';
import { isAskedFor, toSilenceJson } from './silence-json.ts';

export interface AlertsApiOptions {
  readonly alerting: Alerting;
  readonly clock: Pick<Clock, 'now'>;
}

/** Alerts that are looked at in one turn of the event loop. */
const ALERTS_A_TURN = 50;

/** What is asked for cannot be done; the text says why. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: 400 | 404 | 405 | 415;

  constructor(status: Refusal['status'], message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The part of Alertmanager's HTTP API, version 2, that concerns what fires here and its silences, so that amtool and
 * others work; and `/api/v2/alerts/explain`, which Alertmanager does not have. Who may ask is not its matter.
 */
export function createAlertsApi({ alerting, clock }: AlertsApiOptions): FetchHandler {
  /** Thousands of alerts may be asked about: the service has its turns in between. */
  async function* each(alerts: readonly Alert[]): AsyncGenerator<Alert> {
    for (const [index, alert] of alerts.entries()) {
      if (index % ALERTS_A_TURN === ALERTS_A_TURN - 1) await turn();
      yield alert;
    }
  }

  async function listAlerts(search: URLSearchParams): Promise<unknown> {
    const nowMs = clock.now();
    const filters = filtersIn(search);
    const has = (name: string): boolean => search.get(name) !== 'false';
    const firing = alerting
      .alerts()
      .filter(({ state, labels }) => state === 'firing' && matchesAll(filters, labels));
    const shown: AlertmanagerAlertJson[] = [];
    for await (const alert of each(firing)) {
      const json = toAlertmanagerJson(alert, alerting.explain(alert.fingerprint), nowMs);
      const { state, silencedBy, inhibitedBy } = json.status;
      const isWanted =
        (has('active') || state !== 'active') &&
        (has('silenced') || silencedBy.length === 0) &&
        (has('inhibited') || inhibitedBy.length === 0);
      if (isWanted) shown.push(json);
    }
    return shown;
  }

  /** Besides the alerts, the rules of the name that is asked for: an alert that is not there has a reason too. */
  async function explain(search: URLSearchParams): Promise<unknown> {
    const filters = filtersIn(search);
    const fingerprint = search.get('fingerprint');
    const asked = alerting
      .alerts()
      .filter((alert) => fingerprint === null || alert.fingerprint === fingerprint)
      .filter(({ labels }) => matchesAll(filters, labels));
    const alerts: ExplainedAlertJson[] = [];
    for await (const alert of each(asked)) alerts.push(toExplainedJson(alert, alerting));
    return { alerts, rules: rulesNamed(filters.filter(({ label }) => label === 'alertname')) };
  }

  function rulesNamed(filters: readonly Matcher[]): readonly object[] {
    if (filters.length === 0) return [];
    return alerting
      .rules()
      .groups.flatMap((group) => group.rules)
      .filter(({ type, name }) => type === 'alerting' && matchesAll(filters, { alertname: name }))
      .map(({ name, state, query, health, lastError, lastEvaluation }) => ({
        name,
        state,
        query,
        health,
        ...(lastError === undefined ? {} : { lastError }),
        lastEvaluation,
      }));
  }

  function listSilences(search: URLSearchParams): unknown {
    const nowMs = clock.now();
    const filters = filtersIn(search);
    return alerting
      .silences()
      .filter((silence) => isAskedFor(silence, filters))
      .map((silence) => toSilenceJson(silence, nowMs));
  }

  async function addSilence(request: Request): Promise<unknown> {
    // What a form of a page elsewhere can send without asking is not JSON.
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
      throw new Refusal(415, 'expected content-type: application/json');
    const asked = readSilence(await request.json().catch(() => undefined), clock.now());
    if (typeof asked === 'string') throw new Refusal(400, asked);
    const { id, matchers, fromMs, untilMs, comment, author } = asked;
    if (matchesAll(matchers, {}))
      throw new Refusal(400, 'matchers: at least one must not match the empty text, or all is silenced');
    if (id !== undefined && !alerting.expireSilence(id)) throw unknownSilence(id);
    const silence = alerting.silence(matchers, untilMs, comment, { fromMs, author });
    await alerting.saved();
    return { silenceID: silence.id };
  }

  function showSilence(id: string): unknown {
    const silence = alerting.silences().find((one) => one.id === id);
    if (silence === undefined) throw unknownSilence(id);
    return toSilenceJson(silence, clock.now());
  }

  async function endSilence(id: string): Promise<undefined> {
    if (!alerting.expireSilence(id)) throw unknownSilence(id);
    await alerting.saved();
  }

  function answer(request: Request, path: string, search: URLSearchParams): unknown {
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const [, id] = /^silence\/([^/]+)$/.exec(path) ?? [];
    switch (`${method} ${id === undefined ? path : 'silence'}`) {
      case 'GET alerts':
        return listAlerts(search);
      case 'GET alerts/explain':
        return explain(search);
      case 'GET silences':
        return listSilences(search);
      case 'POST silences':
        return addSilence(request);
      case 'GET silence':
        return showSilence(decoded(id));
      case 'DELETE silence':
        return endSilence(decoded(id));
      default:
        throw new Refusal(405, `${method} is not for this path`);
    }
  }

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const [, path] = /^\/api\/v2\/(alerts(?:\/explain)?|silences|silence\/[^/]+)$/.exec(pathname) ?? [];
    if (path === undefined) return undefined;
    try {
      const body: unknown = await answer(request, path, searchParams);
      // What is read is of this moment: no proxy is to keep it.
      const headers = { 'cache-control': 'no-store' };
      return body === undefined ? new Response(null, { headers }) : Response.json(body, { headers });
    } catch (error) {
      const status = statusOf(error);
      if (status === undefined) throw error;
      // Alertmanager's errors are JSON texts.
      return Response.json((error as Error).message, { status });
    }
  };
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof Refusal) return error.status;
  // Too many silences, or a filter that is no matcher: the wish is at fault, not the service.
  return error instanceof RangeError || (error as Error).name === 'ConfigError' ? 400 : undefined;
}

function unknownSilence(id: string): Refusal {
  return new Refusal(404, `there is no silence ${JSON.stringify(id)} that has not ended`);
}

function filtersIn(search: URLSearchParams): Matcher[] {
  return search.getAll('filter').flatMap((text) => splitMatchers(text).map(parseMatcher));
}

function decoded(part = ''): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
