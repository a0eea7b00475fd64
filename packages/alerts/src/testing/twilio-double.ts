import { startServiceDouble, type ServiceDouble } from './service-double.ts';

export interface TwilioDoubleOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** Numbers that do not exist. */
  readonly invalid?: readonly string[];
}

/** A message that Twilio took. */
export interface TwilioSms {
  readonly to: string;
  readonly from: string;
  readonly body: string;
}

/** Twilio's message resource on this machine. */
export async function startTwilioDouble({
  accountSid,
  authToken,
  invalid = [],
}: TwilioDoubleOptions): Promise<ServiceDouble<TwilioSms>> {
  let count = 0;
  return await startServiceDouble<TwilioSms>((request) => {
    const refuse = (code: number, status: number): { refuse: string; status: number; answer: object } => ({
      refuse: String(code),
      status,
      answer: { code, message: 'refused', more_info: `https://www.twilio.com/docs/errors/${code}`, status },
    });
    const [kind, login = ''] = (request.headers.authorization ?? '').split(' ');
    if (kind !== 'Basic' || Buffer.from(login, 'base64').toString() !== `${accountSid}:${authToken}`)
      return refuse(20003, 401);
    if (request.url.pathname !== `/2010-04-01/Accounts/${accountSid}/Messages.json`)
      return refuse(20404, 404);
    if (request.headers['content-type'] !== 'application/x-www-form-urlencoded') return refuse(21602, 400);
    const form = new URLSearchParams(request.body);
    const [to, body] = [form.get('To') ?? '', form.get('Body') ?? ''];
    const from = form.get('From') ?? form.get('MessagingServiceSid') ?? '';
    if (from === '') return refuse(21603, 400);
    if (!/^\+\d{5,20}$/.test(to) || invalid.includes(to)) return refuse(21211, 400);
    if (body === '') return refuse(21602, 400);
    if (Array.from(body).length > 1600) return refuse(21617, 400);
    const sid = `SM${String(++count).padStart(32, '0')}`;
    return { accept: { to, from, body }, status: 201, answer: { sid, status: 'queued' } };
  });
}
