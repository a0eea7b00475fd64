import type { Locale } from '@tidewatch/core';
import type { HoldReason, Limit, MetricVerdict } from '../policy/decision.ts';

/** What `autoscaler explain` says around the sentence of a decision, in one language. */
export interface ExplainTexts {
  readonly columns: readonly [
    time: string,
    replicas: string,
    action: string,
    reason: string,
    metrics: string,
  ];
  readonly actions: Readonly<Record<'up' | 'down' | 'hold', string>>;
  readonly notApplied: string;
  readonly last: (time: string) => string;
  readonly replicas: (ready: number, starting: number, draining: number) => string;
  readonly bounds: (min: number, max: number) => string;
  readonly window: (name: string) => string;
  readonly noWindow: string;
  readonly metric: (input: MetricVerdict, value: string, verdict: string) => string;
  /** A metric where a plan decides; `unknown` says why its value is not known. */
  readonly planned: (name: string, value: string, unknown: string | undefined) => string;
  readonly plan: (replicas: number, needed: number, forRamps: number) => string;
  readonly price: (replicas: string, movePercent: string) => string;
  readonly forecast: (name: string, load: string, replicas: number | undefined, raised: boolean) => string;
  readonly asks: (replicas: number) => string;
  readonly verdicts: Readonly<Record<MetricVerdict['verdict'], string>>;
  readonly limit: (limit: Limit) => string;
  readonly cooldown: (upSeconds: number, downSeconds: number) => string;
  readonly withoutHold: (reason: HoldReason, to: number) => string;
  readonly withoutMetric: (metric: string, to: number) => string;
  readonly nothing: (path: string) => string;
}

export const explainTexts: Readonly<Record<Locale, ExplainTexts>> = {
  en: {
    columns: ['time', 'replicas', 'decision', 'reason', 'metrics'],
    actions: { up: 'up', down: 'down', hold: 'hold' },
    notApplied: ' (dry run)',
    last: (time) => `The last one, at ${time}:`,
    replicas: (ready, starting, draining) =>
      `replicas: ${ready} ready, ${starting} starting, ${draining} draining`,
    bounds: (min, max) => `bounds: ${min} to ${max}`,
    window: (name) => `time window: ${name}`,
    noWindow: 'time window: none',
    metric: ({ name, per, up, down }, value, verdict) =>
      `${name}${per === 'replica' ? ' per replica' : ''}: ${value}, up above ${up}, down below ${down}: ${verdict}`,
    planned: (name, value, unknown) => (unknown === undefined ? `${name}: ${value}` : `${name}: ${unknown}`),
    plan: (replicas, needed, forRamps) =>
      `plan: ${replicas} replica${replicas === 1 ? '' : 's'}; the load needs ${needed}, its ramps within a start-up ${forRamps}`,
    price: (replicas, movePercent) =>
      `a shortage is priced at ${replicas} replicas; an ordinary move within a start-up is ${movePercent} %`,
    forecast: (name, load, replicas, raised) =>
      `forecast ${name}: ${load}${replicas === undefined ? '' : `, which needs ${replicas}`}${raised ? ': it raised the plan' : ''}`,
    asks: (replicas) => `alone it leads to ${replicas}`,
    verdicts: {
      above: 'asks for more',
      below: 'allows fewer',
      between: 'is content',
      missing: 'unknown, no data',
      'not-finite': 'unknown, not a number',
      stale: 'unknown, stale',
      partial: 'unknown, incomplete',
      ambiguous: 'unknown, several series',
      failed: 'unknown, query failed',
      'set-aside': 'set aside',
    },
    limit: ({ rule, from, to }) => `limit ${rule}: ${from} → ${to}`,
    cooldown: (up, down) => `cooldown left: up ${up} s, down ${down} s`,
    withoutHold: (reason, to) => `without "${reason}" it would be ${to}`,
    withoutMetric: (metric, to) => `without ${metric} it would be ${to}`,
    nothing: (path) =>
      `autoscaler: ${path}: no decision is kept there; give the file of the state store with --state`,
  },
  'zh-CN': {
    columns: ['时间', '实例数', '决策', '原因', '指标'],
    actions: { up: '扩容', down: '缩容', hold: '保持' },
    notApplied: '(演练)',
    last: (time) => `最近一次,${time}:`,
    replicas: (ready, starting, draining) => `实例:就绪${ready},启动中${starting},退出中${draining}`,
    bounds: (min, max) => `上下限:${min} 至 ${max}`,
    window: (name) => `时间窗口:${name}`,
    noWindow: '时间窗口:无',
    metric: ({ name, per, up, down }, value, verdict) =>
      `${name}${per === 'replica' ? '(每实例)' : ''}:${value},高于 ${up} 扩容,低于 ${down} 缩容:${verdict}`,
    planned: (name, value, unknown) => (unknown === undefined ? `${name}:${value}` : `${name}:${unknown}`),
    plan: (replicas, needed, forRamps) =>
      `计划:${replicas}个实例;负载需要${needed}个,计入启动期间的爬升需要${forRamps}个`,
    price: (replicas, movePercent) => `缺口计价为${replicas}个实例;启动期间的常见波动为 ${movePercent} %`,
    forecast: (name, load, replicas, raised) =>
      `预测 ${name}:${load}${replicas === undefined ? '' : `,需要${replicas}个`}${raised ? ':它提高了计划' : ''}`,
    asks: (replicas) => `仅凭它将为${replicas}个`,
    verdicts: {
      above: '要求增加',
      below: '允许减少',
      between: '正常',
      missing: '未知,无数据',
      'not-finite': '未知,不是数值',
      stale: '未知,数据过期',
      partial: '未知,数据不完整',
      ambiguous: '未知,多个序列',
      failed: '未知,查询失败',
      'set-aside': '不参与',
    },
    limit: ({ rule, from, to }) => `限制 ${rule}:${from} → ${to}`,
    cooldown: (up, down) => `冷却剩余:扩容${up}秒,缩容${down}秒`,
    withoutHold: (reason, to) => `若无“${reason}”,将为${to}个`,
    withoutMetric: (metric, to) => `若无 ${metric},将为${to}个`,
    nothing: (path) => `autoscaler:${path} 中没有决策记录;请用 --state 指定状态文件`,
  },
};
