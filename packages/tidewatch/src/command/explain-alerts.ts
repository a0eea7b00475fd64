import { ConfigError } from '@tidewatch/core';
import { parseMatcher, splitMatchers } from '@tidewatch/alerts';
import type { ExplainedAlertJson } from '../alerts-api/alert-json.ts';
import { alignColumns } from './align-columns.ts';
import { CommandUsageError, type Call, type CommandHost, type ExitStatus } from './call.ts';
import { heldBackBy, reasonText, stepRows } from './explain-rows.ts';
import { explainTexts } from './explain-texts.ts';
import { serviceClient, ServiceError } from './service-client.ts';

/** The answer of `/api/v2/alerts/explain`. */
interface Explained {
  readonly alerts: readonly ExplainedAlertJson[];
  readonly rules: readonly {
    readonly name: string;
    readonly state?: string;
    readonly query: string;
    readonly health: string;
    readonly lastError?: string;
    readonly lastEvaluation: string;
  }[];
}

/**
 * `alerts explain [FINGERPRINT | --labels MATCHER]`: the way of the alerts of a running service, with the reason at each
 * stage; without a choice, a list of them with what keeps each back.
 */
export async function explainAlerts(call: Call, host: CommandHost): Promise<ExitStatus> {
  const { files, labels, lang, json } = call;
  const [fingerprint, ...surplus] = files;
  if (surplus.length > 0) throw new CommandUsageError(call.texts.unexpected(surplus.join(' ')));
  const search = new URLSearchParams();
  if (fingerprint !== undefined) search.set('fingerprint', fingerprint);
  for (const text of labels) search.append('filter', checked(text, call));
  const texts = explainTexts[lang];
  try {
    const service = serviceClient(call, host);
    const explained = (await service.ask(`/api/v2/alerts/explain?${search.toString()}`)) as Explained;
    const { alerts } = explained;
    if (json) host.stdout(JSON.stringify(explained));
    const hasChosen = fingerprint !== undefined || labels.length > 0;
    if (alerts.length === 0) {
      if (!json) for (const line of absence(explained, hasChosen, call)) host.stdout(line);
      return hasChosen ? 1 : 0;
    }
    if (json) return 0;
    const lines = hasChosen
      ? alerts.flatMap((alert, index) => [...(index === 0 ? [] : ['']), ...explainOne(alert, call)])
      : [
          ...alignColumns([texts.listColumns, ...alerts.map((alert) => listRow(alert, call))]),
          '',
          texts.listHint,
        ];
    for (const line of lines) host.stdout(line);
    return 0;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    host.stderr(error.message);
    return 1;
  }
}

/** Found here, so that a slip of writing is an error of the call. */
function checked(text: string, { texts }: Call): string {
  try {
    const parts = splitMatchers(text);
    if (parts.length === 0) throw new CommandUsageError(texts.badOption('--labels', ['alertname="A"'], text));
    parts.forEach(parseMatcher);
    return text;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new CommandUsageError(texts.badOption('--labels', ['alertname="A",model=~"a|b"'], text), {
      cause: error,
    });
  }
}

function explainOne(alert: ExplainedAlertJson, { lang }: Call): string[] {
  const texts = explainTexts[lang];
  const { name, state, fingerprint, labels, firedAt, activeAt, resolvedAt, value, resolvedReason } = alert;
  const since = state === 'resolved' ? resolvedAt : state === 'firing' ? firedAt : activeAt;
  const { deliveredTo, acknowledgedBy } = alert;
  const { line } = texts;
  return [
    line(name, `${texts.states[state]} ${texts.since(shortTime(since ?? activeAt))}`),
    ...[
      line(texts.labels, labelText(labels)),
      line(texts.fingerprint, fingerprint),
      ...(value === undefined ? [] : [line(texts.value, value)]),
      ...(resolvedReason === undefined
        ? []
        : [line(texts.resolvedReason, reasonText('evaluate', resolvedReason, lang))]),
      line(texts.deliveredTo, deliveredTo.length === 0 ? texts.nobody : deliveredTo.join(', ')),
      ...(acknowledgedBy === undefined ? [] : [line(texts.acknowledgedBy, acknowledgedBy)]),
    ].map((text) => `  ${text}`),
    ...alignColumns([texts.stepColumns, ...stepRows(alert, lang)]).map((text) => `  ${text}`),
  ];
}

function listRow(alert: ExplainedAlertJson, { lang }: Call): string[] {
  const { name, state, fingerprint, labels, activeAt, firedAt = activeAt } = alert;
  const texts = explainTexts[lang];
  return [
    fingerprint,
    texts.states[state],
    shortTime(alert.resolvedAt ?? firedAt),
    name,
    heldBackBy(alert, lang),
    labelText(labels),
  ];
}

function absence({ rules }: Explained, hasChosen: boolean, { lang }: Call): string[] {
  const texts = explainTexts[lang];
  if (!hasChosen) return [texts.noAlerts];
  return [
    texts.noSuchAlert,
    ...rules.map(({ name, health, lastError, lastEvaluation, query }) => {
      if (health === 'err') return texts.ruleFails(name, lastError ?? '', shortTime(lastEvaluation));
      if (health === 'unknown') return texts.ruleNotEvaluated(name);
      return texts.ruleGivesNothing(name, query, shortTime(lastEvaluation));
    }),
  ];
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const others = Object.entries(labels).filter(([label]) => label !== 'alertname');
  return others.length === 0 ? '-' : others.map(([label, value]) => `${label}=${value}`).join(' ');
}

/** `2026-11-23T12:00:00Z`: a moment to the second. */
function shortTime(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}
