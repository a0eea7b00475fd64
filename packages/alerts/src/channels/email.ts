import { createHash } from 'node:crypto';
import { ConfigError } from '@tidewatch/core';
import { abortable } from '../abortable.ts';
import { renderMessage } from '../messages/render-message.ts';
import type { Channel, Notification } from './channel.ts';
import { emailHtml, emailText } from './email-body.ts';
import { judgeSmtpError } from './judge-smtp-error.ts';

/** A mail as nodemailer takes it. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly disableFileAccess: true;
  readonly disableUrlAccess: true;
}

/** What nodemailer's `createTransport` gives, as far as it is used. */
export interface MailTransport {
  sendMail(
    mail: Mail & { to: string[] },
  ): Promise<{ readonly rejected?: readonly unknown[]; readonly accepted?: readonly unknown[] }>;
}

/** Where mail is handed in. */
export interface SmtpOptions {
  readonly host: string;
  /** @defaultValue 587, or 465 with `secure` */
  readonly port?: number;
  /** TLS from the first byte, instead of STARTTLS. @defaultValue false */
  readonly secure?: boolean;
  /** Refuse to go on without STARTTLS: without it the password travels in clear. @defaultValue true */
  readonly requireTls?: boolean;
  readonly user?: string;
  /** Secret: never logged, never put in an error. */
  readonly password?: string;
  /** Accept only certificates of this authority, PEM. */
  readonly ca?: string;
}

export interface EmailOptions {
  readonly from: string;
  readonly to: readonly string[] | string;
  /** Either this, or `transport`. */
  readonly smtp?: SmtpOptions;
  /** A transport of nodemailer made by the caller: pools, OAuth2, DKIM. */
  readonly transport?: MailTransport;
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** @defaultValue 'email' */
  readonly name?: string;
  readonly resolved?: 'notify' | 'silent';
  /** Makes the transport from SMTP options. @defaultValue nodemailer's `createTransport` */
  readonly createTransport?: (options: object) => MailTransport;
}

/**
 * E-mail by nodemailer, an optional peer dependency: subject, plain text and HTML.
 *
 * A repetition has the same Message-ID, so that mail programs fold it.
 *
 * @throws {@link ConfigError} when there is neither or both of `smtp` and `transport`, or no recipient.
 */
export function email(options: EmailOptions): Channel {
  const { from, name = 'email', resolved = 'notify' } = options;
  const to = [options.to].flat();
  check(options, to, name);
  let transport: Promise<MailTransport> | undefined;
  return {
    name,
    resolved,
    async send(notification, signal) {
      signal.throwIfAborted();
      try {
        transport ??= openTransport(options);
        transport.catch(() => (transport = undefined));
        const mailer = await transport;
        const wanted = to.filter((_, index) => notification.recipients?.includes(keyOf(index)) ?? true);
        const info = await abortable(mailer.sendMail(toMail(notification, from, wanted)), signal);
        const rejected = (info.rejected ?? []).map((address) => String(address).toLowerCase());
        if (rejected.length === 0) return { status: 'sent' };
        const sentTo = to.flatMap((address, index) =>
          wanted.includes(address)
            ? [{ address: bareAddress(address).toLowerCase(), key: keyOf(index) }]
            : [],
        );
        const refused = sentTo.filter(({ address }) => rejected.includes(address));
        // Written in a way that is not known again, such as punycode: better everybody twice than somebody never.
        const failed = (refused.length === 0 ? sentTo : refused).map(({ key }) => key);
        return {
          status: 'partial',
          ok: sentTo.map(({ key }) => key).filter((key) => !failed.includes(key)),
          failed,
          detail: `${rejected.length} of ${wanted.length} recipients were refused`,
        };
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof MissingNodemailer) return { status: 'misconfigured', hint: error.message };
        return judgeSmtpError(error);
      }
    },
  };
}

class MissingNodemailer extends Error {}

async function openTransport({
  smtp,
  transport,
  timeoutMs = 10_000,
  createTransport,
}: EmailOptions): Promise<MailTransport> {
  if (transport !== undefined) return transport;
  const {
    host = '',
    secure = false,
    port = secure ? 465 : 587,
    requireTls = true,
    user,
    password,
    ca,
  } = smtp ?? {};
  const settings = {
    host,
    port,
    secure,
    requireTLS: requireTls && !secure,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    ...(ca === undefined ? {} : { tls: { ca } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
  if (createTransport !== undefined) return createTransport(settings);
  const nodemailer = await import('nodemailer').catch(() => {
    throw new MissingNodemailer('e-mail needs the package nodemailer: npm install nodemailer');
  });
  return nodemailer.createTransport(settings);
}

function toMail(notification: Notification, from: string, to: readonly string[]): Mail & { to: string[] } {
  const message = renderMessage(notification);
  const domain = bareAddress(from).split('@')[1] ?? 'localhost';
  const digest = createHash('sha256').update(notification.id).digest('hex').slice(0, 32);
  return {
    from,
    to: [...to],
    subject: message.title,
    text: emailText(message),
    html: emailHtml(message),
    messageId: `<${digest}@${domain}>`,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Recipients are named by their place: their addresses stay out of outcomes and logs. */
function keyOf(index: number): string {
  return `recipient-${index + 1}`;
}

function bareAddress(address: string): string {
  return /<([^<>]+)>\s*$/.exec(address)?.[1] ?? address.trim();
}

function check({ smtp, transport, from }: EmailOptions, to: readonly string[], name: string): void {
  const source = `channel ${name}`;
  if ((smtp === undefined) === (transport === undefined)) {
    throw new ConfigError(source, [
      { code: 'contradiction', path: 'smtp', problem: 'expected exactly one of "smtp" and "transport"' },
    ]);
  }
  if (to.length === 0 || [from, ...to].some((address) => !bareAddress(address).includes('@'))) {
    throw new ConfigError(source, [
      {
        code: 'wrong-type',
        path: 'to',
        problem: 'expected mail addresses in "from" and "to", at least one in each',
      },
    ]);
  }
}
