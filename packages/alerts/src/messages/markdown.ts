import type { Message, MessageAlert } from './render-message.ts';

/** How a service writes what the others write too. Everything but `link`'s address comes escaped. */
export interface MarkdownDialect {
  /** Makes text from outside harmless: it must not format, link or mention anybody. */
  readonly escape: (text: string) => string;
  readonly title: (text: string) => string;
  readonly note: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly fact: (name: string, value: string) => string;
  readonly link: (text: string, url: string) => string;
}

/** The message in blocks, to be set apart by blank lines: the title, one block an alert, the link. */
export interface MarkdownBlocks {
  readonly head: readonly string[];
  readonly alerts: readonly (readonly string[])[];
  readonly end: readonly string[];
}

/** Writes a message in the markdown of one service. */
export function toMarkdown(message: Message, dialect: MarkdownDialect): MarkdownBlocks {
  const { title, notes, alerts, link } = message;
  return {
    head: [dialect.title(dialect.escape(title)), ...notes.map((note) => dialect.note(dialect.escape(note)))],
    alerts: alerts.map((alert) => alertBlocks(alert, message, dialect)),
    end: link === undefined ? [] : [dialect.link(link.text, link.url)],
  };
}

function alertBlocks(alert: MessageAlert, message: Message, dialect: MarkdownDialect): string[] {
  const { alerts, texts } = message;
  const sign = alert.status === 'firing' ? '🔴' : '🟢';
  const heading = `${sign} ${dialect.bold(dialect.escape(alert.heading))}`;
  const facts = alert.facts.map(([name, value]) => dialect.fact(name, dialect.escape(value))).join('\n');
  return [
    // A single alert's heading is the title already.
    ...(alerts.length === 1 ? [] : [heading]),
    ...alert.lines.map(dialect.escape),
    facts,
    ...(alert.runbookUrl === undefined ? [] : [dialect.link(texts.runbook, alert.runbookUrl)]),
  ];
}

/** A bracket in the address would end the link. */
export function linkInBrackets(text: string, url: string): string {
  return `[${text}](${url.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}
