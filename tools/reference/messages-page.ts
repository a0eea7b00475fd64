import { email } from '@tidewatch/alerts/email';
import { alertmanager } from '@tidewatch/alerts/alertmanager';
import { dingtalk } from '@tidewatch/alerts/dingtalk';
import { feishu } from '@tidewatch/alerts/feishu';
import { pagerduty } from '@tidewatch/alerts/pagerduty';
import { slack } from '@tidewatch/alerts/slack';
import { aliyunSms, tencentSms, twilioSms } from '@tidewatch/alerts/sms';
import { sampleAlert, sampleNotification } from '@tidewatch/alerts/testing';
import { webhook } from '@tidewatch/alerts/webhook';
import { wecom } from '@tidewatch/alerts/wecom';
import type { Channel, Notification } from '@tidewatch/alerts';
import type { Clock, Locale } from '@tidewatch/core';

const NOW = Date.parse('2026-11-23T12:10:00Z');
const clock: Clock = { now: () => NOW, sleep: async () => {} };

const annotations: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  en: {
    summary: 'Accuracy of model digits is 11.1% below its baseline',
    description: 'It should stay within 5 % of the baseline, relative to it.',
    action: 'Look for a change of the input and for a new release; roll the model back if needed.',
    runbook_url: 'https://wiki.example.com/accuracy',
  },
  'zh-CN': {
    summary: '模型 digits 的准确率比基线低 11.1%',
    description: '准确率相对基线的降幅应不超过 5%。',
    action: '检查输入数据是否变化、最近是否发布过新版本;必要时回滚模型。',
    runbook_url: 'https://wiki.example.com/accuracy',
  },
};

const labels = { alertname: 'ClassificationAccuracyDropped', severity: 'critical', model: 'digits' };
const expr =
  '(classification_baseline_accuracy - classification_accuracy) / classification_baseline_accuracy > 0.05';
const base = {
  labels,
  expr,
  value: 0.111,
  firingValue: 0.111,
  activeAtMs: NOW - 720_000,
  startsAtMs: NOW - 420_000,
};

function firing(locale: Locale): Notification {
  const alerts = [sampleAlert({ ...base, annotations: annotations[locale] })];
  return sampleNotification({ locale, alerts, externalUrl: 'https://monitor.example.com', createdAtMs: NOW });
}

function resolved(locale: Locale): Notification {
  const alert = { ...base, status: 'resolved', value: 0.012, endsAtMs: NOW } as const;
  // The rule's own words are said anew with the present value.
  const { summary = '', ...others } = annotations[locale];
  const now = { ...others, summary: summary.replace('11.1%', '1.2%') };
  const alerts = [sampleAlert({ ...alert, annotations: now })];
  return { ...firing(locale), status: 'resolved', alerts };
}

/** What a channel would have put on the wire. */
async function sent(create: (fetch: typeof globalThis.fetch) => Channel, notification: Notification) {
  let request = { url: '', body: '' };
  const channel = create(async (url, init) => {
    request = { url: new Request(url).url, body: init?.body as string };
    return new Response('{}');
  });
  await channel.send(notification, new AbortController().signal);
  return request;
}

const json = async (create: Parameters<typeof sent>[0], notification: Notification) =>
  JSON.parse((await sent(create, notification)).body);

const pretty = (value: unknown): string => ['```json', JSON.stringify(value, undefined, 2), '```'].join('\n');
const fenced = (text: string): string => ['```text', text.replaceAll('\u200B', '').trim(), '```'].join('\n');
const webhookUrl = 'https://service.example.com/';

type Section = readonly [title: string, says: string, render: (locale: Locale) => Promise<string>];

const robot = (fetch: typeof globalThis.fetch) => dingtalk({ webhookUrl, fetch, clock, keywords: ['告警'] });

const sections: readonly Section[] = [
  [
    'DingTalk',
    'Markdown; `format` makes it text, or a card with the links as buttons.',
    async (locale) => fenced((await json(robot, firing(locale))).markdown.text as string),
  ],
  [
    'DingTalk, when it has ended',
    'The present value, not the last one that fired; a keyword in this one as well.',
    async (locale) => fenced((await json(robot, resolved(locale))).markdown.text as string),
  ],
  [
    'Feishu',
    'A card; the title is its coloured header.',
    async (locale) => {
      const { card } = await json((fetch) => feishu({ webhookUrl, fetch, clock }), firing(locale));
      return fenced(`${card.header.title.content as string}\n\n${card.elements[0].content as string}`);
    },
  ],
  [
    'WeCom',
    'Markdown; text where somebody is mentioned by phone.',
    async (locale) =>
      fenced(
        (await json((fetch) => wecom({ webhookUrl, fetch }), firing(locale))).markdown.content as string,
      ),
  ],
  [
    'Slack',
    'A block an alert.',
    async (locale) => {
      const { blocks } = await json((fetch) => slack({ webhookUrl, fetch }), firing(locale));
      return fenced((blocks as { text: { text: string } }[]).map(({ text }) => text.text).join('\n\n'));
    },
  ],
  [
    'E-mail',
    'The same in HTML beside it.',
    async (locale) => {
      let mail = { subject: '', text: '' };
      const transport = { sendMail: async (one: typeof mail) => ((mail = one), {}) };
      const channel = email({ from: 'tidewatch@example.com', to: 'team@example.com', transport });
      await channel.send(firing(locale), new AbortController().signal);
      return fenced(`Subject: ${mail.subject}\n\n${mail.text}`);
    },
  ],
  [
    'SMS by Aliyun',
    'The variables of the template, each fitted to its length.',
    async (locale) => {
      const account = {
        accessKeyId: 'id',
        accessKeySecret: 'secret',
        signName: 'Tidewatch',
        templateCode: 'SMS_000000000',
      };
      const { url } = await sent(
        (fetch) => aliyunSms({ ...account, phoneNumbers: ['+8610000000000'], fetch, clock }),
        firing(locale),
      );
      return pretty(JSON.parse(new URL(url).searchParams.get('TemplateParam') ?? '{}'));
    },
  ],
  [
    'SMS by Tencent Cloud',
    'The same, in the order of the template.',
    async (locale) => {
      const account = {
        secretId: 'id',
        secretKey: 'key',
        sdkAppId: '1400000000',
        signName: 'Tidewatch',
        templateId: '100000',
      };
      return pretty(
        (
          await json(
            (fetch) => tencentSms({ ...account, phoneNumbers: ['+8610000000000'], fetch, clock }),
            firing(locale),
          )
        ).TemplateParamSet,
      );
    },
  ],
  [
    'SMS by Twilio',
    'Title and summary, in two segments at most.',
    async (locale) => {
      const account = { accountSid: 'AC0', authToken: 'token', from: '+10000000000' };
      const { body } = await sent(
        (fetch) => twilioSms({ ...account, phoneNumbers: ['+8610000000000'], fetch }),
        firing(locale),
      );
      return fenced(new URLSearchParams(body).get('Body') ?? '');
    },
  ],
  [
    'PagerDuty',
    'One incident a group, which its recovery resolves.',
    async (locale) => {
      const { routing_key: _, ...event } = await json(
        (fetch) => pagerduty({ routingKey: 'key', fetch }),
        firing(locale),
      );
      return pretty(event);
    },
  ],
];

const forPrograms: readonly Section[] = [
  [
    'Webhook',
    "Alertmanager's version 4.",
    async (locale) => pretty(await json((fetch) => webhook({ url: webhookUrl, fetch }), firing(locale))),
  ],
  [
    'Alertmanager',
    '`POST /api/v2/alerts`; a day without a word is no recovery.',
    async (locale) =>
      pretty(await json((fetch) => alertmanager({ url: webhookUrl, fetch, clock }), firing(locale))),
  ],
];

/** One rendered example of every channel, in both languages. */
export async function messagesPage(): Promise<string> {
  const parts = [
    '# Messages',
    'Generated from the channels by `npm run pnpm -- run reference`; do not edit. Every message says what happened, since when, how bad it is, the present value and the condition, what to try, and where to look. Times carry the offset of their zone.',
  ];
  for (const [title, says, render] of sections) {
    parts.push(`## ${title}`, says, await render('zh-CN'), await render('en'));
  }
  for (const [title, says, render] of forPrograms) parts.push(`## ${title}`, says, await render('en'));
  return `${parts.join('\n\n')}\n`;
}
