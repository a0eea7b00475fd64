import type { Outcome } from '../delivery/outcome.ts';

/** What nodemailer tells of a failure. Its message is never used: it may quote addresses. */
interface SmtpFailure {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
  readonly syscall?: string;
  readonly cause?: { readonly code?: string };
}

const NEVER_CONNECTED = /^(?:ECONNREFUSED|ENOTFOUND|EDNS|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/**
 * What a failed send means. A connection that broke after the text was sent looks like one that was never
 * made, so a broken connection is ambiguous unless it is known that none was made.
 */
export function judgeSmtpError(error: unknown): Outcome {
  const { code = 'unknown', responseCode, cause, syscall, command } = error as SmtpFailure;
  if (code === 'EAUTH')
    return { status: 'misconfigured', hint: 'the mail server refused the user name or the password' };
  if (code === 'ETLS') {
    return {
      status: 'misconfigured',
      hint: 'the mail server offers no STARTTLS; the password would be sent in clear: use its TLS port, or allow it with requireTls: false',
    };
  }
  if (responseCode !== undefined) return judgeCode(responseCode, command);
  if (code === 'EENVELOPE')
    return {
      status: 'misconfigured',
      hint: 'the mail server takes none of the addresses: check "from" and "to"',
    };
  const isKnownUnsent =
    NEVER_CONNECTED.test(code) || NEVER_CONNECTED.test(cause?.code ?? '') || syscall === 'connect';
  return isKnownUnsent
    ? { status: 'retryable', detail: `the mail server is not reachable (${code})` }
    : { status: 'ambiguous', detail: `the connection to the mail server broke (${code})` };
}

/** @see https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 */
function judgeCode(responseCode: number, command: string | undefined): Outcome {
  const detail = `SMTP ${responseCode}`;
  if (responseCode < 500) return { status: 'retryable', detail };
  if (responseCode === 552) return { status: 'tooLarge', detail };
  if (responseCode === 554 || (command === 'DATA' && responseCode === 550))
    return { status: 'rejectedContent', detail };
  if (responseCode === 530 || responseCode === 534 || responseCode === 535) {
    return { status: 'misconfigured', hint: `${detail}: the mail server wants a login, or refused this one` };
  }
  return {
    status: 'misconfigured',
    hint: `${detail}: the mail server refuses the addresses: check "from" and "to"`,
  };
}
