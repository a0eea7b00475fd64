import type { Message, MessageAlert } from './render-message.ts';

/** The message as plain text: what e-mail and the plainest form of every chat show. */
export function toPlainText({ title, notes, alerts, link, texts }: Message): string {
  const blocks = alerts.map((alert) => alertText(alert, texts.runbook, alerts.length > 1));
  const end = link === undefined ? [] : [`${link.text}: ${link.url}`];
  return [title, ...notes, ...blocks, ...end].join('\n\n');
}

/** A single alert's heading is the title already. */
function alertText(
  { heading, lines, facts, runbookUrl }: MessageAlert,
  runbook: string,
  hasHeading: boolean,
): string {
  return [
    ...(hasHeading ? [heading] : []),
    ...lines,
    ...facts.map(([name, value]) => `${name}: ${value}`),
    ...(runbookUrl === undefined ? [] : [`${runbook}: ${runbookUrl}`]),
  ].join('\n');
}
