import { createHash } from 'node:crypto';
import { ConfigError, systemClock, type Clock } from '@tidewatch/core';
import { abortable } from '../abortable.ts';
import { toPlainText } from '../messages/plain-text.ts';
import type { Outcome } from '../delivery/outcome.ts';
import { renderMessage } from '../messages/render-message.ts';
import { testNotification } from '../messages/test-notification.ts';
import type { Channel, Notification } from './channel.ts';
import { emailHtml } from './email-body.ts';
import { verificationOf } from './http-channel.ts';
import { judgeSmtpError } from './judge-smtp-error.ts';
import { MissingNodemailer, openMailTransport, type SmtpOptions } from './mail-transport.ts';

export type { DkimOptions, Oauth2Options, SmtpOptions } from './mail-transport.ts';

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
  /** Connects and logs in, and sends nothing. */
  verify?(): Promise<unknown>;
  close?(): void;
}

export interface EmailOptions {
  /** Address of the sender, with a name if wanted: `Alerts <alerts@example.com>`. */
  readonly from: string;
  /** Addresses of those who get it. */
  readonly to: readonly string[] | string;
  /** Either this, or `transport`. */
  readonly smtp?: SmtpOptions;
  /** A transport of nodemailer made by the caller. */
  readonly transport?: MailTransport;
  /** An attempt that takes longer has failed. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** Label of the channel in logs and metrics. @defaultValue 'email' */
  readonly name?: string;
  /** Whether recoveries are told. @defaultValue 'notify' */
  readonly resolved?: 'notify' | 'silent';
  /** Makes the transport from SMTP options. @defaultValue nodemailer's `createTransport` */
  readonly createTransport?: (options: object) => MailTransport;
  readonly clock?: Clock;
}

/**
 * E-mail by nodemailer, an optional peer dependency: subject, plain text and HTML.
 *
 * A repetition has the same Message-ID, so that mail programs fold it.
 *
 * @throws {@link ConfigError} when there is neither or both of `smtp` and `transport`, or no recipient.
 */
export function email(options: EmailOptions): Channel {
  const { from, name = 'email', resolved = 'notify', clock = systemClock } = options;
  const to = [options.to].flat();
  check(options, to, name);
  let transport: Promise<MailTransport> | undefined;

  async function opened(): Promise<MailTransport> {
    transport ??= openMailTransport(options);
    transport.catch(() => (transport = undefined));
    return await transport;
  }

  async function send(notification: Notification, signal: AbortSignal): Promise<Outcome> {
    signal.throwIfAborted();
    try {
      const mailer = await opened();
      const wanted = to.filter((_, index) => notification.recipients?.includes(keyOf(index)) ?? true);
      const info = await abortable(mailer.sendMail(toMail(notification, from, wanted)), signal);
      const rejected = (info.rejected ?? []).map((address) => String(address).toLowerCase());
      if (rejected.length === 0) return { status: 'sent' };
      const sentTo = to.flatMap((address, index) =>
        wanted.includes(address) ? [{ address: bareAddress(address).toLowerCase(), key: keyOf(index) }] : [],
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
  }

  async function handshake(signal: AbortSignal): Promise<Outcome> {
    try {
      const mailer = await opened();
      if (mailer.verify === undefined)
        return { status: 'ambiguous', detail: 'this transport has no handshake' };
      await abortable(mailer.verify(), signal);
      return { status: 'sent' };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof MissingNodemailer) return { status: 'misconfigured', hint: error.message };
      return judgeSmtpError(error);
    }
  }

  return {
    name,
    resolved,
    send,
    async verify(mode, signal) {
      const notification = testNotification(clock.now());
      if (mode === 'send') return verificationOf(mode, await send(notification, signal));
      if (mode === 'static') {
        const { html } = toMail(notification, from, to);
        return { mode, ok: true, detail: `a test message has ${Buffer.byteLength(html)} bytes of HTML` };
      }
      const outcome = await handshake(signal);
      return outcome.status === 'sent'
        ? { mode, ok: true, detail: 'the mail server took the connection and the login' }
        : verificationOf(mode, outcome);
    },
    async close() {
      // A transport that the caller made is the caller's to close.
      if (options.transport === undefined) (await transport?.catch(() => undefined))?.close?.();
    },
  };
}

function toMail(notification: Notification, from: string, to: readonly string[]): Mail & { to: string[] } {
  const message = renderMessage(notification);
  const domain = bareAddress(from).split('@')[1] ?? 'localhost';
  const digest = createHash('sha256').update(notification.id).digest('hex').slice(0, 32);
  return {
    from,
    to: [...to],
    subject: message.title,
    text: toPlainText(message),
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
