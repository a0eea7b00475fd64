import type { NotifyReason, OutcomeStatus, ResolvedReason, TransitionReason } from '@tidewatch/alerts';
import type { Locale } from '@tidewatch/core';

/** Why an alert is where it is; the codes of the stages do not clash. */
export type StepReason =
  | TransitionReason
  | ResolvedReason
  | NotifyReason
  | 'waits-for-its-time'
  | 'matched'
  | 'waits-for-the-group'
  | 'waits-for-the-next-flush'
  | 'inhibited'
  | 'not-inhibited'
  | 'silenced'
  | 'not-silenced'
  | 'in-order'
  | 'critical-first'
  | 'more-than-the-limit'
  | 'limit'
  | 'paused'
  | 'not-yet-due'
  | 'on-its-way';

/** The status of an outcome, and what followed from it. */
export type SendReason =
  | OutcomeStatus
  | 'delivered'
  | 'try-again'
  | 'paused'
  | 'split'
  | 'simplified'
  | 'gave-up';

/** What `alerts explain` says of an alert and its way. */
export interface ExplainTexts {
  readonly states: Readonly<Record<'pending' | 'firing' | 'resolved', string>>;
  readonly since: (time: string) => string;
  /** A name, and what it is. */
  readonly line: (name: string, text: string) => string;
  readonly labels: string;
  readonly fingerprint: string;
  readonly value: string;
  readonly resolvedReason: string;
  readonly deliveredTo: string;
  readonly nobody: string;
  readonly acknowledgedBy: string;
  readonly stepColumns: readonly [stage: string, where: string, when: string, why: string];
  readonly listColumns: readonly string[];
  readonly listHint: string;
  readonly notReached: string;
  readonly nothingWaits: string;
  readonly isOver: string;
  readonly noAlerts: string;
  readonly noSuchAlert: string;
  readonly ruleFails: (name: string, error: string, time: string) => string;
  readonly ruleNotEvaluated: (name: string) => string;
  readonly ruleGivesNothing: (name: string, query: string, time: string) => string;
  readonly reasons: Readonly<Record<StepReason, string>>;
  readonly sendReasons: Readonly<Record<SendReason, string>>;
}

export const explainTexts: Readonly<Record<Locale, ExplainTexts>> = {
  en: {
    states: { pending: 'pending', firing: 'firing', resolved: 'resolved' },
    since: (time) => `since ${time}`,
    line: (name, text) => `${name}: ${text}`,
    labels: 'labels',
    fingerprint: 'fingerprint',
    value: 'value now',
    resolvedReason: 'ended because',
    deliveredTo: 'delivered by',
    nobody: 'nothing yet',
    acknowledgedBy: 'taken on by',
    stepColumns: ['STAGE', 'WHERE', 'WHEN', 'WHY'],
    listColumns: ['FINGERPRINT', 'STATE', 'SINCE', 'ALERT', 'NOW', 'LABELS'],
    listHint: 'tidewatch alerts explain FINGERPRINT shows the whole way of one',
    notReached: 'not reached',
    nothingWaits: 'no message waits',
    isOver: 'over',
    noAlerts: 'no alert is pending, fires or has ended lately',
    noSuchAlert: 'there is no such alert, neither pending nor firing nor ended lately',
    ruleFails: (name, error, time) =>
      `rule ${name}: could not be evaluated at ${time}, its alerts stay as they were: ${error}`,
    ruleNotEvaluated: (name) => `rule ${name}: was not evaluated yet`,
    ruleGivesNothing: (name, query, time) =>
      `rule ${name}: its expression gave no series for such an alert at ${time}: ${query}`,
    reasons: {
      matched: 'its labels match a route to this receiver',
      'condition-met': 'the condition holds',
      'for-elapsed': 'the condition has held for as long as "for" says',
      'for-raised': 'its rule has a longer "for" now',
      'waits-for-its-time': 'the condition holds; it fires at this time if it still does',
      'condition-cleared-while-pending': 'the condition ended before "for" was over',
      'condition-cleared': 'the condition has ended',
      'keep-firing-elapsed': 'the condition has ended, and "keep_firing_for" is over',
      'away-too-long': 'the process was away too long to know',
      'source-gone': 'nobody measures it any more',
      'source-back': 'it is measured again',
      'resolved-while-down': 'it had ended when the process came back',
      'rule-removed': 'its rule was removed',
      'rule-changed': 'its rule is another one now',
      'waits-for-the-group': 'the group still collects; it speaks at this time',
      'waits-for-the-next-flush': 'the group speaks again at this time, if there is news',
      inhibited: 'the alert of this name keeps it quiet',
      'not-inhibited': 'no other alert keeps it quiet',
      silenced: 'this silence keeps it quiet',
      'not-silenced': 'no silence matches it',
      'first-notification': 'the group was told of for the first time',
      'new-alerts-in-group': 'there was an alert that had not been told of',
      'new-resolved-alerts': 'an alert of the group has ended',
      'all-alerts-resolved': 'all alerts of the group have ended',
      'repeat-interval-elapsed': 'it was told again after "repeat_interval"',
      'nothing-new': 'not told again: nothing is new, and "repeat_interval" is not over',
      'resolved-before-told': 'it ended before anybody was told',
      'quiet-hours': 'kept back by a time interval; it is told afterwards',
      'fired-and-recovered-in-quiet-hours': 'it came and went in quiet hours, and was told afterwards',
      'not-acknowledged': 'nobody has taken it on',
      'recovered-after-escalation': 'whoever was told besides is told of the end too',
      relayed: 'another program has grouped and routed it',
      'in-order': 'a message is sent in its turn',
      'critical-first': 'a message is sent before those that are less urgent',
      'more-than-the-limit': 'more waits than the channel takes: all of it becomes one digest',
      limit: 'the limit of the channel is reached; it sends again at this time',
      paused: 'the channel pauses until this time: the service asked for it, or its configuration is wrong',
      'not-yet-due': 'the last attempt failed; the next one is at this time',
      'on-its-way': 'it is being sent',
    },
    sendReasons: {
      sent: 'accepted by the service',
      retryable: 'not accepted, may be later',
      throttled: 'the service wants a pause',
      tooLarge: 'longer than the service takes',
      rejectedContent: 'the service refused the text',
      misconfigured: 'refused until the configuration is mended',
      ambiguous: 'the answer was lost: it may have been accepted',
      partial: 'accepted for some of the recipients',
      delivered: 'delivered',
      'try-again': 'is tried again',
      split: 'is sent in parts',
      simplified: 'is sent as plain text',
      'gave-up': 'given up',
      paused: 'waits for the end of the pause',
    },
  },
  'zh-CN': {
    states: { pending: '等待中', firing: '触发中', resolved: '已恢复' },
    since: (time) => `自 ${time}`,
    line: (name, text) => `${name}:${text}`,
    labels: '标签',
    fingerprint: '指纹',
    value: '当前值',
    resolvedReason: '结束原因',
    deliveredTo: '已送达',
    nobody: '尚无',
    acknowledgedBy: '已由此人接手',
    stepColumns: ['阶段', '位置', '时间', '原因'],
    listColumns: ['指纹', '状态', '起始', '告警', '现状', '标签'],
    listHint: '用 tidewatch alerts explain 指纹 查看某一条的完整路径',
    notReached: '尚未到达',
    nothingWaits: '没有等待发送的消息',
    isOver: '已结束',
    noAlerts: '没有等待中、触发中或最近恢复的告警',
    noSuchAlert: '没有这样的告警:不在等待中,不在触发中,最近也未恢复',
    ruleFails: (name, error, time) => `规则 ${name}:${time} 求值失败,其告警保持原状:${error}`,
    ruleNotEvaluated: (name) => `规则 ${name}:尚未求值`,
    ruleGivesNothing: (name, query, time) => `规则 ${name}:${time} 表达式没有给出相应的序列:${query}`,
    reasons: {
      matched: '其标签匹配通往该接收方的路由',
      'condition-met': '条件成立',
      'for-elapsed': '条件持续时间已达到 for',
      'for-raised': '规则的 for 变长了',
      'waits-for-its-time': '条件成立;若持续到该时刻则触发',
      'condition-cleared-while-pending': '条件在 for 结束前已不成立',
      'condition-cleared': '条件已不成立',
      'keep-firing-elapsed': '条件已不成立,且 keep_firing_for 已过',
      'away-too-long': '进程离开太久,无从得知',
      'source-gone': '已无人测量',
      'source-back': '重新有了测量',
      'resolved-while-down': '进程恢复时它已结束',
      'rule-removed': '规则已被删除',
      'rule-changed': '规则已改变',
      'waits-for-the-group': '分组仍在收集;在该时刻发出',
      'waits-for-the-next-flush': '若有新情况,分组在该时刻再次发出',
      inhibited: '被该名称的告警抑制',
      'not-inhibited': '没有其他告警抑制它',
      silenced: '被该静默规则静默',
      'not-silenced': '没有匹配的静默规则',
      'first-notification': '该分组首次通知',
      'new-alerts-in-group': '分组中有尚未通知的告警',
      'new-resolved-alerts': '分组中有告警恢复',
      'all-alerts-resolved': '分组中的告警全部恢复',
      'repeat-interval-elapsed': '达到 repeat_interval,再次通知',
      'nothing-new': '未再次通知:没有新情况,且未到 repeat_interval',
      'resolved-before-told': '在通知任何人之前已恢复',
      'quiet-hours': '处于免打扰时段,之后再通知',
      'fired-and-recovered-in-quiet-hours': '在免打扰时段内触发并恢复,事后补发',
      'not-acknowledged': '无人接手',
      'recovered-after-escalation': '升级时通知过的人也会收到恢复通知',
      relayed: '已由其他程序分组和路由',
      'in-order': '按顺序发送',
      'critical-first': '优先于不太紧急的消息发送',
      'more-than-the-limit': '等待的消息超过通道限额:合并为一条摘要',
      limit: '已达通道限额;在该时刻恢复发送',
      paused: '通道暂停到该时刻:服务方要求,或配置有误',
      'not-yet-due': '上次发送失败;在该时刻重试',
      'on-its-way': '正在发送',
    },
    sendReasons: {
      sent: '服务方已接受',
      retryable: '未被接受,稍后可能接受',
      throttled: '服务方要求暂停',
      tooLarge: '超过服务方允许的长度',
      rejectedContent: '服务方拒绝了内容',
      misconfigured: '配置修正之前会被拒绝',
      ambiguous: '没有收到回答:可能已被接受',
      partial: '部分收件人已接受',
      delivered: '已送达',
      'try-again': '将重试',
      split: '将分段发送',
      simplified: '将以纯文本发送',
      'gave-up': '已放弃',
      paused: '等待暂停结束',
    },
  },
};
