import type { NotifiedAlert, Notification } from '../channels/channel.ts';
import { HOPS } from '../relay/hops.ts';
import { presentValueExpr } from '../rules/present-value.ts';
import { formatFloat } from '../template/format-float.ts';
import { catalogue, type Texts } from './catalogue.ts';
import { formatDuration } from './format-duration.ts';
import { formatTime } from './format-time.ts';

/** One alert in words, without markup: each channel escapes and arranges it. */
export interface MessageAlert {
  readonly status: 'firing' | 'resolved';
  /** `告警触发 · 严重 · 分类准确率下降` */
  readonly heading: string;
  /** The annotations `summary` and `description`, then any others but links. */
  readonly lines: readonly string[];
  /** Named facts: since, ended, value, condition, labels, what to try. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** The annotation `runbook_url`, when it is a web address. */
  readonly runbookUrl?: string;
}

/** A notification in words. */
export interface Message {
  readonly title: string;
  /** What holds for the whole message: merged, possibly repeated. */
  readonly notes: readonly string[];
  readonly alerts: readonly MessageAlert[];
  readonly link?: { readonly text: string; readonly url: string };
  readonly texts: Texts;
}

/** Longer annotations and label values are cut: one alert must not fill a message. */
const MAX_TEXT = 500;
const MAX_HEADING = 200;
const MAX_LINES = 10;
const MAX_URL = 1000;

/** Says in the notification's language what happened, since when, how bad, and the present value. */
export function renderMessage(notification: Notification): Message {
  const { locale, alerts, externalUrl } = notification;
  const texts = catalogue[locale];
  const firing = alerts.filter(({ status }) => status === 'firing').length;
  const headline = texts.headline(firing, alerts.length - firing);
  const names = [...new Set(alerts.map(({ labels }) => labels['alertname'] ?? ''))];
  const title =
    alerts.length === 1
      ? headingOf(firstOf(alerts), texts)
      : `${headline}: ${oneLine(names.slice(0, 3).join(', '))}${names.length > 3 ? ' …' : ''}`;
  const notes: string[] = [];
  if (notification.kind === 'digest') notes.push(texts.digest(notification.merged));
  if (notification.possiblyRepeated) notes.push(texts.possiblyRepeated);
  return {
    title: shorten(title, 120),
    notes,
    alerts: alerts.map((alert) => describeAlert(alert, notification, texts)),
    ...(externalUrl === '' ? {} : { link: { text: texts.link, url: externalUrl } }),
    texts,
  };
}

/** A number as Go prints it, which is how the rule's own annotations print it. */
export function formatValue(value: number): string {
  return formatFloat(value, 'g', Number.isInteger(value) ? -1 : 4);
}

function describeAlert(alert: NotifiedAlert, notification: Notification, texts: Texts): MessageAlert {
  const { plain } = notification;
  const { status, annotations, labels } = alert;
  const {
    summary,
    description,
    action,
    runbook_url: runbookUrl,
    [HOPS]: _,
    ...others
  } = annotations as Record<string, string>;
  const facts = [...timeFacts(alert, notification, texts), ...valueFacts(alert, texts, plain)];
  const shown = Object.entries(labels).filter(([name]) => name !== 'alertname' && name !== 'severity');
  if (shown.length > 0 && !plain)
    facts.push([texts.labels, shorten(shown.map(([name, text]) => `${name}=${text}`).join(', '))]);
  if (action !== undefined && action !== '' && status === 'firing' && !plain)
    facts.push([texts.action, shorten(action)]);
  const lines = [summary, description, ...Object.values(others)].filter(
    (line) => line !== undefined && line !== '',
  );
  const isWebAddress =
    runbookUrl !== undefined && /^https?:\/\//.test(runbookUrl) && URL.canParse(runbookUrl);
  return {
    status,
    heading: headingOf(alert, texts),
    lines: plain ? [] : lines.slice(0, MAX_LINES).map((line) => shorten(line ?? '')),
    facts,
    ...(isWebAddress && !plain ? { runbookUrl: shorten(new URL(runbookUrl).href, MAX_URL) } : {}),
  };
}

type Fact = readonly [name: string, value: string];

function timeFacts(alert: NotifiedAlert, notification: Notification, texts: Texts): Fact[] {
  const { locale, timeZone, createdAtMs } = notification;
  const { activeAtMs, endsAtMs, resolvedReason, noDataSinceMs } = alert;
  const lasted = texts.lasted(formatDuration((endsAtMs ?? createdAtMs) - activeAtMs, locale));
  const since: Fact = [texts.since, `${formatTime(activeAtMs, timeZone)} (${lasted})`];
  const facts: Fact[] = [since];
  if (endsAtMs !== undefined) facts.push([texts.endedAt, formatTime(endsAtMs, timeZone)]);
  const reason = texts.resolvedReason[resolvedReason ?? ''];
  if (reason !== undefined) facts.push([texts.reason, reason]);
  if (noDataSinceMs !== undefined) facts.push([texts.noDataSince, formatTime(noDataSinceMs, timeZone)]);
  return facts;
}

/** What another program raised has no value here: nothing is said of it, instead of "unknown". */
function valueFacts(alert: NotifiedAlert, texts: Texts, plain: boolean): Fact[] {
  const { status, value, firingValue, expr } = alert;
  if (value === undefined && firingValue === undefined) return [];
  const facts: Fact[] = [[texts.presentValue, value === undefined ? texts.unknownValue : formatValue(value)]];
  if (status === 'resolved' && firingValue !== undefined)
    facts.push([texts.lastFiringValue, formatValue(firingValue)]);
  const left = presentValueExpr(expr);
  if (left !== undefined) facts.push([texts.threshold, expr.slice(expr.indexOf(left) + left.length).trim()]);
  else if (expr !== '' && !plain) facts.push([texts.expression, shorten(expr)]);
  return facts;
}

function headingOf({ status, labels }: NotifiedAlert, texts: Texts): string {
  const severity = labels['severity'];
  const words = [texts[status], severity && (texts.severity[severity] ?? severity), labels['alertname']];
  const heading = words.filter((word) => word !== undefined && word !== '').join(' · ');
  return shorten(oneLine(heading.slice(0, 2 * MAX_HEADING + 2)), MAX_HEADING);
}

/** A heading becomes the subject of a mail: line breaks and what is not printed have no place there. */
export function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}

function firstOf(alerts: readonly NotifiedAlert[]): NotifiedAlert {
  const [first] = alerts;
  if (first === undefined) throw new RangeError('a notification carries at least one alert');
  return first;
}

/** Cuts between characters, never inside of one: at most `max` of them. */
export function shorten(text: string, max: number = MAX_TEXT): string {
  if (text.length <= max) return text;
  // Twice as many code units as characters at most: a megabyte need not be taken apart.
  const start = text.slice(0, max * 2 + 2);
  const characters = Array.from(start);
  if (characters.length <= max) return text;
  let end = characters.slice(0, max - 1).join('').length;
  // What a reader sees as one character, such as a family, is in the text as a whole or not at all.
  const { index = 0 } = visible.segment(start).containing(end) ?? {};
  if (index > 0) end = index;
  return `${start.slice(0, end)}…`;
}

const visible = new Intl.Segmenter('en', { granularity: 'grapheme' });
