import type { Message, MessageAlert } from './render-message.ts';

/** The message as plain text: what e-mail and the plainest form of every chat show. */
export function toPlainText({ title, notes, alerts, link, texts }: Message): string {
  const blocks = alerts.map((alert) => alertText(alert, texts.runbook));
  const end = link === undefined ? [] : [`${link.text}: ${link.url}`];
  return [title, ...notes, ...blocks, ...end].join('\n\n');
}

function alertText({ heading, lines, facts, runbookUrl }: MessageAlert, runbook: string): string {
  return [
    heading,
    ...lines,
    ...facts.map(([name, value]) => `${name}: ${value}`),
    ...(runbookUrl === undefined ? [] : [`${runbook}: ${runbookUrl}`]),
  ].join('\n');
}
