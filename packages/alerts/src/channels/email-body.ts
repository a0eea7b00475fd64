import type { Message, MessageAlert } from '../messages/render-message.ts';

/** The message as HTML. Everything that comes from outside is escaped; there are no images and no scripts. */
export function emailHtml({ title, notes, alerts, link, texts }: Message): string {
  const body = [
    `<h2 style="font-size:18px">${escapeHtml(title)}</h2>`,
    ...notes.map((note) => `<p><em>${escapeHtml(note)}</em></p>`),
    ...alerts.map((alert) => alertHtml(alert, texts.runbook)),
    ...(link === undefined ? [] : [`<p>${anchor(link.url, link.text)}</p>`]),
  ];
  return `<!doctype html><html><body style="font-family:sans-serif;font-size:14px">${body.join('\n')}</body></html>`;
}

function alertHtml({ status, heading, lines, facts, runbookUrl }: MessageAlert, runbook: string): string {
  const colour = status === 'firing' ? '#c0392b' : '#1e8449';
  const rows = facts.map(
    ([name, value]) =>
      `<tr><td style="padding-right:12px;color:#555">${escapeHtml(name)}</td><td>${escapeHtml(value)}</td></tr>`,
  );
  return [
    `<div style="border-left:4px solid ${colour};padding-left:12px;margin:12px 0"><strong>${escapeHtml(heading)}</strong>`,
    ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
    `<table>${rows.join('')}</table>`,
    ...(runbookUrl === undefined ? [] : [anchor(runbookUrl, runbook)]),
    '</div>',
  ].join('\n');
}

function anchor(url: string, text: string): string {
  return `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? char);
}
