import { createRequire } from 'node:module';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import type * as tencent from 'tencentcloud-sdk-nodejs-sms';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acs3Headers, canonicalQuery } from './acs3-signature.ts';
import { tc3Headers } from './tc3-signature.ts';
import { twilioForm } from './twilio-sms.ts';

/** What the vendors' own clients sign, signed here: the same bytes. Payloads are random, with the awkward signs listed. */
const RUNS = 200;
const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      "!'()*~",
      'a\nb\r\n',
      '+&=%20',
      '👨‍👩‍👧',
      '告警"触发"',
      '\u2028',
      '%',
      'é',
    ),
  },
);
const texts = (seed: number, length: number): string[][] =>
  fc.sample(fc.array(anyText, { minLength: length, maxLength: length }), { seed, numRuns: RUNS });

describe('vectors made with the SDKs once, for where they are not installed', () => {
  it('R12 Aliyun, ACS3-HMAC-SHA256', () => {
    const headers = acs3Headers({
      host: 'dysmsapi.aliyuncs.com',
      action: 'SendSms',
      version: '2017-05-25',
      query: {
        PhoneNumbers: '+8610000000000',
        SignName: '潮汐',
        TemplateCode: 'SMS_0',
        TemplateParam: `{"name":"!'()*~ \\n"}`,
      },
      accessKeyId: 'test-id',
      accessKeySecret: 'test-secret',
      nowMs: 1_700_000_000_000,
      nonce: 'nonce',
    });
    expect(headers['authorization']).toMatch(
      /Signature=35c250e6f760dbd6ac2b5d0f594536f1b693239cb282b5d36945b79ebb8d7423$/,
    );
  });

  it('R12 Tencent Cloud, TC3-HMAC-SHA256', () => {
    const body = `{"SignName":"潮汐","TemplateParamSet":["!'()*~ \\n"]}`;
    const request = {
      host: 'sms.tencentcloudapi.com',
      service: 'sms',
      secretId: 'test-id',
      secretKey: 'test-key',
    };
    expect(tc3Headers({ ...request, body, timestampSeconds: 1_700_000_000 })['authorization']).toMatch(
      /Signature=12af0adf3319ca81d239e47a78da1b4d709ca7b9ae952249d9ba1b00566c2224$/,
    );
  });

  it('R12 Twilio, a form', () => {
    expect(twilioForm({ To: '+8610000000000', From: 'MG1', Body: "潮汐 !'()*~\n&=" })).toBe(
      'To=%2B8610000000000&From=MG1&Body=%E6%BD%AE%E6%B1%90%20%21%27%28%29%2A~%0A%26%3D',
    );
  });
});

it(`R12 Aliyun’s SDK signs ${RUNS} random requests with the same bytes`, async () => {
  const { OpenApiUtil } = await import('@alicloud/openapi-core');
  for (const [signName = '', param = '', outId = '', secret = ''] of texts(1, 4)) {
    const query = {
      PhoneNumbers: '+8610000000000',
      SignName: signName,
      TemplateParam: JSON.stringify({ param }),
      OutId: outId,
    };
    const account = { accessKeyId: 'test-id', accessKeySecret: `s${secret}` };
    const { authorization, ...headers } = acs3Headers({
      host: 'h.example',
      action: 'SendSms',
      version: '2017-05-25',
      query,
      nowMs: 1_700_000_000_000,
      nonce: outId.trim() || 'n',
      ...account,
    });
    const request = { method: 'POST', pathname: '/', query, headers: { ...headers, host: 'h.example' } };
    const theirs = OpenApiUtil.getAuthorization(
      request as never,
      'ACS3-HMAC-SHA256',
      headers['x-acs-content-sha256'] ?? '',
      account.accessKeyId,
      account.accessKeySecret,
    );
    expect(authorization).toBe(theirs);
  }
});

it('R12 Aliyun’s SDK puts the same query on the wire', async () => {
  const { default: sdk, SendSmsRequest } = await import('@alicloud/dysmsapi20170525');
  // CommonJS: whether the class is behind one `default` or two depends on who loads it.
  const Client = ((sdk as { default?: unknown }).default ?? sdk) as typeof sdk.default;
  const { $OpenApiUtil } = await import('@alicloud/openapi-core');
  const { port, requests } = await startLoopback('{"Code":"OK"}');
  const config = { endpoint: `127.0.0.1:${port}`, protocol: 'http', accessKeyId: 'id', accessKeySecret: 's' };
  const client = new Client(new $OpenApiUtil.Config(config));
  const samples = texts(2, 2).slice(0, 20);
  for (const [signName = '', templateParam = ''] of samples) {
    await client.sendSms(
      new SendSmsRequest({
        phoneNumbers: '+8610000000000',
        signName: `s${signName}`,
        templateParam: `t${templateParam}`,
      }),
    );
  }
  const wanted = samples.map(([signName, templateParam]) =>
    canonicalQuery({
      PhoneNumbers: '+8610000000000',
      SignName: `s${signName}`,
      TemplateParam: `t${templateParam}`,
    }),
  );
  expect(requests.map(({ url }) => new URL(url, 'http://h').searchParams.toString())).toEqual(
    wanted.map((query) => new URLSearchParams(query).toString()),
  );
});

it(`R12 Tencent Cloud’s SDK sends ${RUNS} random requests with the same signature`, async () => {
  const { sms } = createRequire(import.meta.url)('tencentcloud-sdk-nodejs-sms') as typeof tencent;
  const { port, requests } = await startLoopback('{"Response":{"SendStatusSet":[]}}');
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  // The real host stays in the signature; only the connection goes elsewhere.
  Object.assign(agent, { createConnection: () => connect(port, '127.0.0.1') });
  const client = new sms.v20210111.Client({
    credential: { secretId: 'test-id', secretKey: 'test-key' },
    region: 'ap-guangzhou',
    profile: {
      httpProfile: { protocol: 'http://', endpoint: 'sms.tencentcloudapi.com', agent },
    },
  });
  for (const [SignName = '', first = '', second = ''] of texts(3, 3)) {
    await client.SendSms({
      SmsSdkAppId: '1400000000',
      SignName,
      TemplateId: '1',
      TemplateParamSet: [first, second],
      PhoneNumberSet: ['+8610000000000'],
    });
  }
  expect(requests).toHaveLength(RUNS);
  for (const { headers, body } of requests) {
    expect(headers.host).toBe('sms.tencentcloudapi.com');
    const ours = tc3Headers({
      host: 'sms.tencentcloudapi.com',
      service: 'sms',
      body,
      secretId: 'test-id',
      secretKey: 'test-key',
      timestampSeconds: Number(headers['x-tc-timestamp']),
    });
    expect({ authorization: headers.authorization, 'content-type': headers['content-type'] }).toEqual({
      ...ours,
    });
  }
});

it(`R12 Twilio’s SDK sends ${RUNS} random forms with the same bytes`, async () => {
  const { default: twilio } = await import('twilio');
  const { port, requests } = await startLoopback('{"sid":"SM1"}', 201);
  const client = twilio(`AC${'0'.repeat(32)}`, 'token');
  client.api.baseUrl = `http://127.0.0.1:${port}`;
  const samples = texts(4, 1).map(([body]) => `x${body}`);
  for (const body of samples)
    await client.messages.create({ to: '+8610000000000', from: '+10000000000', body });
  const login = `Basic ${Buffer.from(`AC${'0'.repeat(32)}:token`).toString('base64')}`;
  expect(requests.map(({ body }) => body)).toEqual(
    samples.map((Body) => twilioForm({ To: '+8610000000000', From: '+10000000000', Body })),
  );
  expect(new Set(requests.map(({ headers }) => headers.authorization))).toEqual(new Set([login]));
  expect(requests[0]?.url).toBe(`/2010-04-01/Accounts/AC${'0'.repeat(32)}/Messages.json`);
});

/** Keeps what clients send to this machine. */
async function startLoopback(answer: string, status = 200) {
  const requests: { url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    requests.push({ url: request.url ?? '', headers: request.headers, body });
    response.writeHead(status, { 'content-type': 'application/json' }).end(answer);
  }
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await server[Symbol.asyncDispose]();
  });
  return { port: (server.address() as AddressInfo).port, requests };
}
