import type { EmailOptions, MailTransport } from './email.ts';

/** Signs mails so that receivers can tell that they come from the domain. */
export interface DkimOptions {
  /** The domain that signs, such as `example.com`. */
  readonly domainName: string;
  /** Where the public key is found: `SELECTOR._domainkey.DOMAIN`. */
  readonly keySelector: string;
  /** PEM. Secret: never logged, never put in an error. */
  readonly privateKey: string;
}

/** A login by token. Either a token that lasts, or what new ones are got with. All but `user` is secret. */
export interface Oauth2Options {
  /** The mailbox that is logged in to. */
  readonly user: string;
  /** A token that lasts. */
  readonly accessToken?: string;
  /** Of the application that new tokens are made for. */
  readonly clientId?: string;
  /** Of the application that new tokens are made for. */
  readonly clientSecret?: string;
  /** What new tokens are got with. */
  readonly refreshToken?: string;
  /** Where new tokens are got. */
  readonly accessUrl?: string;
}

/** Where mail is handed in. */
export interface SmtpOptions {
  /** Name or address of the server. */
  readonly host: string;
  /** Where it listens. @defaultValue 587, or 465 with `secure` */
  readonly port?: number;
  /** TLS from the first byte, instead of STARTTLS. @defaultValue false */
  readonly secure?: boolean;
  /** Refuse to go on without STARTTLS: without it the password travels in clear. @defaultValue true */
  readonly requireTls?: boolean;
  /** Name of the login. @defaultValue no login */
  readonly user?: string;
  /** Secret: never logged, never put in an error. */
  readonly password?: string;
  /** Instead of `user` and `password`. */
  readonly oauth2?: Oauth2Options;
  /** Signs every mail. @defaultValue none */
  readonly dkim?: DkimOptions;
  /** Accept only certificates of this authority, PEM. */
  readonly ca?: string;
  /** So many connections are kept open and used again; `close()` lets go of them. @defaultValue 0, a connection a mail */
  readonly poolSize?: number;
}

/** nodemailer is a peer that need not be there. */
export class MissingNodemailer extends Error {}

/** Makes nodemailer's transport, or takes the caller's. Nothing is connected yet. */
export async function openMailTransport(options: EmailOptions): Promise<MailTransport> {
  const { smtp = { host: '' }, transport, timeoutMs = 10_000, createTransport } = options;
  if (transport !== undefined) return transport;
  const settings = settingsOf(smtp, timeoutMs);
  if (createTransport !== undefined) return createTransport(settings);
  const nodemailer = await import('nodemailer').catch(() => {
    throw new MissingNodemailer('e-mail needs the package nodemailer: npm install nodemailer');
  });
  return nodemailer.createTransport(settings);
}

function settingsOf(smtp: SmtpOptions, timeoutMs: number): object {
  const { host, secure = false, port = secure ? 465 : 587, requireTls = true } = smtp;
  const { user, password = '', oauth2, dkim, ca, poolSize = 0 } = smtp;
  const auth = oauth2 === undefined ? { user, pass: password } : { type: 'OAuth2', ...oauth2 };
  return {
    host,
    port,
    secure,
    requireTLS: requireTls && !secure,
    ...(user === undefined && oauth2 === undefined ? {} : { auth }),
    ...(dkim === undefined ? {} : { dkim }),
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(poolSize > 0 ? { pool: true, maxConnections: poolSize } : {}),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
}
