import type { Labels, Locale } from '@tidewatch/core';
import type { LaneView } from './delivery/outbox.ts';
import type { NoDataPolicy } from './rules/judge-recoveries.ts';
import type { Candidate } from './rules/candidate.ts';
import type { GroupSchedule } from './rules/rule-book.ts';
import type { AlertRule, RuleFile } from './rules/rule.ts';
import { fingerprint } from './rules/fingerprint.ts';
import type { StoreHealth } from './store/state-store.ts';

/** What alerting knows of its own health. */
export interface SelfView {
  readonly schedules: readonly GroupSchedule[];
  readonly lanes: readonly Pick<LaneView, 'channel' | 'health'>[];
  readonly store: StoreHealth;
  /** Notifications given up in the last hour, by channel. */
  readonly lost: ReadonlyMap<string, number>;
  readonly noData: NoDataPolicy;
}

/** Alerts about the alerting itself. They are routed like all others. */
type MetaAlertName =
  | 'AlertsEvaluationFailing'
  | 'AlertsChannelFailing'
  | 'AlertsStoreDegraded'
  | 'AlertsRefused'
  | 'AlertsNoData'
  | 'AlertsNotificationsLost';

interface Finding {
  readonly labels: Labels;
  readonly value: number;
  /** What the text names. */
  readonly what: string;
}

interface MetaAlert {
  readonly name: MetaAlertName;
  readonly severity: 'critical' | 'warning';
  readonly text: Readonly<Record<Locale, (finding: Finding) => string>>;
  readonly find: (view: SelfView) => readonly Finding[];
}

/** One failure may be a hiccup of the network; so many in a row mean that nobody watches. */
const FAILURES = 3;

const metaAlerts: readonly MetaAlert[] = [
  {
    name: 'AlertsEvaluationFailing',
    severity: 'critical',
    text: {
      en: ({ what, value }) =>
        `${value} rules cannot be evaluated (${what}). Their alerts stay as they are; new ones are not seen.`,
      'zh-CN': ({ what, value }) => `${value} 条规则无法求值(${what})。已有告警保持原状,新的告警无法发现。`,
    },
    find: ({ schedules }) =>
      schedules.flatMap(({ group, states }) => {
        // What a process before this one could not evaluate counts until it has been evaluated.
        const failing = states.filter(({ failures }) => failures >= FAILURES);
        const what = failing
          .slice(0, 5)
          .map(({ rule }) => rule.name)
          .join(', ');
        return failing.length === 0
          ? []
          : [{ labels: { rule_group: group.name }, value: failing.length, what }];
      }),
  },
  {
    name: 'AlertsChannelFailing',
    severity: 'critical',
    text: {
      en: ({ labels, what }) => `The channel ${labels['channel']} delivers nothing: ${what}. Messages wait.`,
      'zh-CN': ({ labels, what }) => `渠道 ${labels['channel']} 无法送达:${what}。消息正在等待。`,
    },
    find: ({ lanes }) =>
      lanes.flatMap(({ channel, health: { openSinceMs, failures, problem = '' } }) =>
        openSinceMs === undefined
          ? []
          : [{ labels: { channel: channel.name }, value: failures, what: problem }],
      ),
  },
  {
    name: 'AlertsStoreDegraded',
    severity: 'critical',
    text: {
      en: ({ what }) =>
        `The alerting state is not safe on disk: ${what}. A restart may lose or repeat messages.`,
      'zh-CN': ({ what }) => `告警状态未能安全落盘:${what}。重启可能丢失或重复消息。`,
    },
    find: ({ store: { degraded, quarantined } }) => {
      if (degraded !== undefined) return [{ labels: {}, value: 1, what: degraded.reason }];
      const what = `damaged records: ${quarantined}`;
      return quarantined > 0 ? [{ labels: {}, value: quarantined, what }] : [];
    },
  },
  {
    name: 'AlertsRefused',
    severity: 'warning',
    text: {
      en: ({ labels, value }) =>
        `The rule ${labels['rule']} has too many alerts: ${value} more are not shown.`,
      'zh-CN': ({ labels, value }) => `规则 ${labels['rule']} 的告警过多:另有 ${value} 条未显示。`,
    },
    find: ({ schedules }) =>
      schedules.flatMap(({ group, states }) =>
        states.flatMap(({ rule, refused }) =>
          refused === 0
            ? []
            : [{ labels: { rule: rule.name, rule_group: group.name }, value: refused, what: '' }],
        ),
      ),
  },
  {
    name: 'AlertsNoData',
    severity: 'warning',
    text: {
      en: ({ labels, value }) => `${value} alerts of the rule ${labels['rule']} have no data any more.`,
      'zh-CN': ({ labels, value }) => `规则 ${labels['rule']} 的 ${value} 条告警已没有数据。`,
    },
    find: ({ schedules, noData }) =>
      schedules.flatMap(({ group, states }) =>
        states.flatMap(({ rule, instances }) => {
          if (noData !== 'alert') return [];
          let value = 0;
          for (const { noDataSinceMs, state } of instances.values())
            if (state !== 'resolved' && noDataSinceMs !== undefined) value++;
          const labels = { rule: rule.name, rule_group: group.name };
          return value === 0 ? [] : [{ labels, value, what: '' }];
        }),
      ),
  },
  {
    name: 'AlertsNotificationsLost',
    severity: 'critical',
    text: {
      en: ({ labels, value }) => `${value} messages to ${labels['channel']} were given up in the last hour.`,
      'zh-CN': ({ labels, value }) => `最近一小时内有 ${value} 条发往 ${labels['channel']} 的消息被放弃。`,
    },
    find: ({ lost }) =>
      [...lost].map(([channel, value]): Finding => ({ labels: { channel }, value, what: '' })),
  },
];

/** Their rules, as one file: they have alerts, states and a place in the store like all others. */
export const metaRuleFile: RuleFile = {
  source: '@tidewatch/alerts',
  groups: [
    {
      name: 'alerting itself',
      source: '@tidewatch/alerts',
      limit: 0,
      queryOffsetMs: 0,
      rules: metaAlerts.map(({ name, severity }): AlertRule => ({
        kind: 'alert',
        name,
        expr: '',
        forMs: 0,
        keepFiringForMs: 0,
        labels: { severity },
        annotations: {},
      })),
    },
  ],
};

/** What holds now, for the rule of this name, in the form that the state machine takes. */
export function metaCandidates(name: string, view: SelfView, locale: Locale): readonly Candidate[] {
  const meta = metaAlerts.find((one) => one.name === name);
  return (meta?.find(view) ?? []).map((finding): Candidate => {
    const { labels: sampleLabels, value } = finding;
    const labels = { ...sampleLabels, alertname: name, severity: meta?.severity ?? 'warning' };
    const summary = meta?.text[locale](finding) ?? '';
    return {
      fingerprint: fingerprint(labels),
      labels,
      annotations: { summary },
      sampleLabels,
      value,
      hasErrors: false,
    };
  });
}
