import { inspect } from 'node:util';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import { dingtalk } from '../../src/channels/dingtalk.ts';
import { aliyunSms } from '../../src/channels/sms.ts';
import { webhook } from '../../src/index.ts';
import { MINUTE, newFolder, rig, START } from './rig.ts';

const FAULTS = 1000;
const canaries = {
  token: 'canary+token/0123456789abcdef==',
  secret: 'SECcanary secret&0123456789',
  keyId: 'LTAIcanarykeyid0123',
  keySecret: 'canary keysecret/+0123',
  phone: '+8610000000042',
  password: 'canary:password@hook',
  header: 'Bearer canary-bearer-0123456789',
};

/** A secret as it is, as an address carries it, and as a header carries it. */
function forms(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(encodeURIComponent(secret)),
    new URLSearchParams({ '': secret }).toString().slice(1),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    encodeURIComponent(base64),
  ];
}

const all = Object.values(canaries).flatMap(forms).concat('10000000042');
/** What a service or a broken proxy may throw back at us. */
const echo = Object.values(canaries).join(' ');

type Fault = (url: string, init: RequestInit | undefined) => Promise<Response>;

/** Errors, answers and headers that quote whatever they were given. */
const faults: readonly Fault[] = [
  async (url) => {
    throw new TypeError(`fetch failed: ${url}`, {
      cause: Object.assign(new Error(url), { code: 'ECONNRESET' }),
    });
  },
  async (url, init) => {
    throw Object.assign(new Error(inspect(init)), { config: { url, init }, code: echo });
  },
  async () => {
    throw echo;
  },
  async (url) => {
    throw Object.assign(new Error(echo), { name: echo, stack: url });
  },
  async (url, init) => new Response(`${url} ${inspect(init)} ${echo}`, { status: 500 }),
  async () => new Response(JSON.stringify({ errcode: 310000, errmsg: `sign ${echo} not match` })),
  async () => new Response(JSON.stringify({ errcode: 999999, errmsg: echo })),
  async () =>
    new Response(JSON.stringify({ Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: echo, RequestId: echo })),
  async () => new Response(JSON.stringify({ Code: echo, Message: echo })),
  async () =>
    new Response(echo, {
      status: 403,
      statusText: 'canary',
      headers: { 'x-echo': encodeURIComponent(echo) },
    }),
  async (url) => new Response('', { status: 302, headers: { location: url } }),
  async () => new Response(echo, { status: 429, headers: { 'retry-after': 'canary-bearer-0123456789' } }),
  async () => new Response(new ReadableStream({ pull: (controller) => controller.error(new Error(echo)) })),
  async () => new Response('{"errcode":0,"errmsg":"ok"}'),
];

it(`R23 ${FAULTS} faults: no secret and no phone number is in a log, an error, a metric or the store`, async () => {
  const clock = manualClock(START);
  const folder = await newFolder();
  const said: unknown[] = [];
  const say = (fields: object, message: string): void => void said.push({ ...fields }, message);
  const logger: Logger = { debug: say, info: say, warn: say, error: say };
  let state = 23;
  const faced = { count: 0 };
  const fetch = (async (url: URL | string, init?: RequestInit) => {
    state = (state * 16_807) % 2_147_483_647;
    faced.count++;
    const fault = faults[state % faults.length] as Fault;
    return fault(String(url), init);
  }) as typeof globalThis.fetch;
  const common = { fetch, clock };
  // Six of each, so that many faults are faced at a time.
  const channels = Array.from({ length: 6 }, (_, copy) => [
    dingtalk({
      ...common,
      name: `dingtalk-${copy}`,
      webhookUrl: `https://robot.example/robot/send?access_token=${encodeURIComponent(canaries.token)}`,
      secret: canaries.secret,
    }),
    aliyunSms({
      ...common,
      name: `sms-${copy}`,
      accessKeyId: canaries.keyId,
      accessKeySecret: canaries.keySecret,
      phoneNumbers: [canaries.phone],
      signName: 'Tidewatch',
      templateCode: 'SMS_1',
    }),
    webhook({
      ...common,
      name: `webhook-${copy}`,
      url: `https://user:${encodeURIComponent(canaries.password)}@hook.example/${encodeURIComponent(canaries.token)}`,
      headers: { authorization: canaries.header },
    }),
  ]).flat();
  const { world, after, alerting } = await rig({
    clock,
    logger,
    store: { dir: folder },
    receivers: { team: channels },
    fallback: [webhook({ ...common, name: 'fallback', url: `https://hook.example/${canaries.secret}` })],
  });
  const explained: unknown[] = [];
  for (let round = 0; faced.count < FAULTS && round < 3000; round++) {
    if (round % 2 === 0) world.firing.set(`p${round % 7}`, round);
    else world.firing.delete(`p${(round * 3) % 7}`);
    await after(10 * MINUTE);
    if (round % 50 > 0) continue;
    explained.push(alerting.alerts(), alerting.rules());
    for (const { fingerprint } of alerting.alerts()) explained.push(alerting.explain(fingerprint));
    explained.push(await alerting.metricProducer.collect());
  }
  expect(faced.count).toBeGreaterThanOrEqual(FAULTS);
  const stored = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const everything = [
    inspect([said, explained], { depth: 30, maxArrayLength: null, maxStringLength: null }),
    JSON.stringify([said, explained]),
    ...stored,
  ].join('\n');
  expect(everything).toContain('dingtalk');
  expect(all.filter((canary) => everything.includes(canary))).toEqual([]);
});
