import type { Locale } from '@tidewatch/core';

/** Every text that a person reads in a message, but for what the rule's own annotations say. */
export interface Texts {
  readonly firing: string;
  readonly resolved: string;
  readonly since: string;
  readonly endedAt: string;
  readonly lasted: (duration: string) => string;
  readonly presentValue: string;
  readonly lastFiringValue: string;
  readonly unknownValue: string;
  readonly threshold: string;
  readonly reason: string;
  /** Why an alert no longer fires, where that is not simply that the condition has cleared. */
  readonly resolvedReason: Readonly<Record<string, string>>;
  readonly noDataSince: string;
  /** What to try: the annotation `action`. */
  readonly action: string;
  readonly testSummary: string;
  readonly labels: string;
  readonly expression: string;
  readonly link: string;
  readonly runbook: string;
  readonly possiblyRepeated: string;
  readonly headline: (firing: number, resolved: number) => string;
  readonly digest: (merged: number) => string;
  readonly duration: {
    readonly day: string;
    readonly hour: string;
    readonly minute: string;
    readonly second: string;
    readonly separator: string;
  };
  /** How a label of severity is read; unknown ones are shown as they are. */
  readonly severity: Readonly<Record<string, string>>;
}

/** The texts by language. A test holds the languages to the same keys. */
export const catalogue: Readonly<Record<Locale, Texts>> = {
  'zh-CN': {
    firing: '告警触发',
    resolved: '告警恢复',
    since: '开始时间',
    endedAt: '恢复时间',
    lasted: (duration) => `持续 ${duration}`,
    presentValue: '当前值',
    lastFiringValue: '触发时的值',
    unknownValue: '未知',
    threshold: '告警条件',
    reason: '恢复原因',
    resolvedReason: {
      'source-gone': '数据来源已消失,并不表示指标已恢复正常',
      'resolved-while-down': '在告警进程停止期间恢复',
      'rule-removed': '规则已被删除',
      'rule-changed': '规则已被修改',
    },
    noDataSince: '无数据,自',
    action: '处理建议',
    testSummary: '这是一条测试消息,告警通道工作正常,无需处理',
    labels: '标签',
    expression: '规则表达式',
    link: '查看监控',
    runbook: '处理手册',
    possiblyRepeated: '(这条消息可能是重复发送)',
    headline: (firing, resolved) =>
      [firing > 0 && `${firing} 条告警触发`, resolved > 0 && `${resolved} 条已恢复`]
        .filter(Boolean)
        .join(','),
    digest: (merged) => `消息过多,已将 ${merged} 条通知合并为一条,没有遗漏`,
    duration: { day: '天', hour: '小时', minute: '分钟', second: '秒', separator: ' ' },
    severity: { critical: '严重', warning: '警告', info: '提示' },
  },
  en: {
    firing: 'Firing',
    resolved: 'Resolved',
    since: 'Since',
    endedAt: 'Ended',
    lasted: (duration) => `for ${duration}`,
    presentValue: 'Present value',
    lastFiringValue: 'Value while firing',
    unknownValue: 'unknown',
    threshold: 'Condition',
    reason: 'Why it ended',
    resolvedReason: {
      'source-gone': 'nobody measures it any more, which does not mean that it is well',
      'resolved-while-down': 'it recovered while the alerting was not running',
      'rule-removed': 'the rule was removed',
      'rule-changed': 'the rule was changed',
    },
    noDataSince: 'No data since',
    action: 'What to try',
    testSummary: 'This is a test: the channel works, there is nothing to do',
    labels: 'Labels',
    expression: 'Expression',
    link: 'Open the monitor',
    runbook: 'Runbook',
    possiblyRepeated: '(this message may be a repetition)',
    headline: (firing, resolved) =>
      [firing > 0 && `${firing} firing`, resolved > 0 && `${resolved} resolved`].filter(Boolean).join(', '),
    digest: (merged) => `Too many messages: ${merged} notifications merged into one, none left out`,
    duration: { day: 'd', hour: 'h', minute: 'min', second: 's', separator: ' ' },
    severity: { critical: 'critical', warning: 'warning', info: 'info' },
  },
};
