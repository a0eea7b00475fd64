import type { Outcome } from '../delivery/outcome.ts';
import { toPlainText } from '../messages/plain-text.ts';
import { renderMessage, shorten } from '../messages/render-message.ts';
import { answerJson } from './answer-json.ts';
import type { Channel, Notification } from './channel.ts';
import { checkUrl } from './check-url.ts';
import { outcomeOfStatus, type Answer } from './post.ts';
import { checkTexts, smsChannel, type SmsOptions } from './sms-channel.ts';

export interface TwilioSmsOptions extends SmsOptions {
  /** `AC…` */
  readonly accountSid: string;
  /** Secret: never logged, never put in an error. */
  readonly authToken: string;
  /** The number, or the sender's name, from which messages come; or the sid of a messaging service, `MG…`. */
  readonly from: string;
  /** The text. @defaultValue title and summary of the message, in at most two segments */
  readonly body?: (notification: Notification) => string;
  /** Address of the service, for another region. @defaultValue 'https://api.twilio.com' */
  readonly endpoint?: string;
}

/** Twilio refuses longer ones. */
const MAX_BODY = 1600;
/** Two segments of a text with characters outside of GSM-7. */
const MAX_DEFAULT_BODY = 134;

/**
 * SMS through Twilio.
 *
 * @throws {@link ConfigError} for an empty credential, sender or list of numbers.
 * @see https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
 */
export function twilioSms(options: TwilioSmsOptions): Channel {
  const { accountSid, authToken, from, endpoint = 'https://api.twilio.com', name = 'sms' } = options;
  const { body: textOf = defaultBody } = options;
  checkUrl(endpoint, name);
  checkTexts({ accountSid, authToken, from }, name);
  const sender = /^MG[0-9a-f]{32}$/.test(from) ? 'MessagingServiceSid' : 'From';
  const url = new URL(`/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`, endpoint);
  return smsChannel(options, {
    name,
    url,
    compose(notification, phoneNumber) {
      const Body = shorten(textOf(notification), MAX_BODY);
      const login = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
      return {
        url,
        headers: { authorization: `Basic ${login}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: twilioForm({ To: phoneNumber, [sender]: from, Body }),
      };
    },
    judge: judgeTwilioAnswer,
  });
}

/** A form as Twilio's own client writes it: RFC 3986, and spaces as `%20`. */
export function twilioForm(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll(/[!'()*]/g, percent)}`)
    .join('&');
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

const HINTS: Readonly<Record<number, string>> = {
  20003: 'the options "accountSid" and "authToken" do not fit',
  20404: 'the option "accountSid" is unknown',
  21211: 'a phone number is not valid: write it as +8610000000000',
  21212: 'the option "from" is not a number or sender of this account',
  21408: 'the account may not send to the country of a number',
  21606: 'the option "from" is not a number or sender of this account',
  21610: 'a number has refused messages',
  21614: 'a number takes no SMS',
};

/** Judges Twilio's answer: 201 with a sid is an acceptance. */
export function judgeTwilioAnswer(answer: Answer, nowMs: number): Outcome {
  const { sid, code } = answerJson(answer.body) ?? {};
  const { status } = answer;
  if (status === 201 || status === 200) {
    return typeof sid === 'string'
      ? { status: 'sent', receipt: sid }
      : { status: 'ambiguous', detail: 'the answer has no sid' };
  }
  const hint = HINTS[Number(code)];
  if (hint !== undefined) return { status: 'misconfigured', hint: `${String(code)}: ${hint}` };
  if (code === 21617) return { status: 'rejectedContent', detail: '21617: the text is too long' };
  return outcomeOfStatus(answer, nowMs) ?? { status: 'ambiguous', detail: `HTTP ${status}` };
}

function defaultBody(notification: Notification): string {
  const message = renderMessage(notification);
  const [line] = message.alerts[0]?.lines ?? [];
  const text = notification.plain ? toPlainText(message) : [message.title, line].filter(Boolean).join('\n');
  return shorten(text, MAX_DEFAULT_BODY);
}
