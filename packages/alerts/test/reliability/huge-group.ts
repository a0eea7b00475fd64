import { manualClock } from '@tidewatch/core/testing';
import { dingtalk } from '../../src/channels/dingtalk.ts';
import { feishu } from '../../src/channels/feishu.ts';
import { slack } from '../../src/channels/slack.ts';
import { webhook } from '../../src/channels/webhook.ts';
import { wecom } from '../../src/channels/wecom.ts';
import type { Channel } from '../../src/index.ts';
import { MINUTE, rig, rulesWith, START } from './rig.ts';

export type Fetch = typeof globalThis.fetch;

/** A channel, and what its service takes. */
export interface ServiceKind {
  readonly create: (parts: {
    readonly fetch: Fetch;
    readonly clock: ReturnType<typeof manualClock>;
  }) => Channel;
  /** With which the service accepts. */
  readonly answer: readonly [status: number, body: string];
  /** Bytes of what the service counts. */
  readonly limit: number;
  /** What the service counts of a body. */
  readonly counted?: (body: string) => string;
  /** Between two looks at what is due. @defaultValue 10_000 */
  readonly stepMs?: number;
}

const contentOf = (body: string): string => {
  const { markdown, text } = JSON.parse(body) as Record<string, { content: string } | undefined>;
  return (markdown ?? text)?.content ?? '';
};

/** The channels whose services count what a message holds. */
export const serviceKinds: Readonly<Record<string, ServiceKind>> = {
  dingtalk: {
    create: (parts) => dingtalk({ webhookUrl: 'https://robot.example/', ...parts }),
    answer: [200, '{"errcode":0}'],
    limit: 20_000,
    stepMs: MINUTE,
  },
  feishu: {
    create: (parts) => feishu({ webhookUrl: 'https://robot.example/', ...parts }),
    answer: [200, '{"code":0}'],
    limit: 20_000,
  },
  wecom: {
    create: (parts) => wecom({ webhookUrl: 'https://robot.example/', ...parts }),
    answer: [200, '{"errcode":0}'],
    limit: 4096,
    counted: contentOf,
  },
  slack: {
    create: (parts) => slack({ webhookUrl: 'https://robot.example/', ...parts }),
    answer: [200, 'ok'],
    limit: 1_000_000,
  },
  webhook: {
    create: (parts) => webhook({ url: 'https://robot.example/', ...parts }),
    answer: [200, ''],
    limit: Number.POSITIVE_INFINITY,
  },
};

/** A family of four people is one character of 25 bytes: cut within, it is somebody else, or nobody. */
const FAMILY = '👨‍👩‍👧‍👦';

/** What became of a group of very many alerts. */
export interface HugeGroup {
  /** Alerts of which nobody was told. */
  readonly missing: readonly string[];
  /** Of the largest body, as the service counts. */
  readonly mostBytes: number;
  /** Bodies that are no JSON, or no UTF-8, or hold a part of a character. */
  readonly broken: readonly string[];
}

/** Tells one group of so many alerts, each with an annotation of a megabyte, through a channel. */
export async function tellHugeGroup(name: string, alerts: number): Promise<HugeGroup> {
  const kind = serviceKinds[name];
  if (kind === undefined) throw new RangeError(`no channel ${name}`);
  const { create, answer, counted = String, stepMs = 10_000 } = kind;
  const clock = manualClock(START + 10 * MINUTE);
  const bodies: string[] = [];
  const fetch = (async (_, init) => {
    bodies.push(init?.body as string);
    return new Response(answer[1], { status: answer[0] });
  }) as Fetch;
  const file = rulesWith();
  // A webhook hands on everything as it is.
  const long = name === 'webhook' ? FAMILY : `${'准'.repeat(496)}${FAMILY.repeat(42_000)}`;
  const annotations = { summary: `${FAMILY}准`, description: long };
  const rules = {
    ...file,
    groups: file.groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => (rule.kind === 'alert' ? { ...rule, annotations } : rule)),
    })),
  };
  const { world, after, alerting } = await rig({
    clock,
    rules,
    route: { receiver: 'team', groupBy: [], groupWaitMs: 0, groupIntervalMs: 60 * MINUTE },
    receivers: { team: [create({ fetch, clock })] },
    metaAlerts: 'off',
  });
  for (let pod = 0; pod < alerts; pod++) world.firing.set(`pod-${pod}-`, 1);
  await after(0);
  const isTold = (): boolean => alerting.alerts().every(({ deliveredTo }) => deliveredTo.length > 0);
  for (let step = 0; step < 600 && !isTold(); step++) await after(stepMs);
  const everything = bodies.join('\n');
  return {
    missing: [...world.firing.keys()].filter((pod) => !everything.includes(pod)),
    mostBytes: Math.max(...bodies.map((body) => Buffer.byteLength(counted(body)))),
    broken: bodies.filter((body) => !isWhole(body)),
  };
}

function isWhole(body: string): boolean {
  try {
    JSON.parse(body);
  } catch {
    return false;
  }
  // Each family is whole, or not there at all.
  const hasParts = /👨|👩|👧|👦|\u200D|\uFFFD/u.test(body.replaceAll(FAMILY, ''));
  return !hasParts && Buffer.from(body).toString() === body;
}
