import type { Locale } from '@tidewatch/core';
import type { Decision, HoldReason, MetricVerdict } from '../policy/decision.ts';
import { displayName, formatPair, formatValue } from './format-value.ts';

type Hold = Extract<Decision, { action: 'hold' }>;

/** Everything the autoscaler says about a decision, in one language. */
export interface DecisionTexts {
  /** One metric above its threshold: the article's first line. */
  readonly detected: (input: MetricVerdict, replicas: number) => string;
  /** All metrics below theirs. */
  readonly allBelow: (inputs: readonly MetricVerdict[]) => string;
  /** The latency objective asks for more or allows fewer. */
  readonly planned: (decision: Decision) => string;
  readonly belowMinimum: (from: number, minReplicas: number) => string;
  readonly aboveMaximum: (from: number, maxReplicas: number) => string;
  readonly adding: (from: number, count: number) => string;
  readonly removing: (from: number, count: number) => string;
  readonly added: (to: number) => string;
  readonly removed: (to: number) => string;
  readonly failed: (to: number) => string;
  readonly dryRun: string;
  readonly changedOutside: (from: number, to: number) => string;
  readonly stateLost: string;
  readonly clockStepped: (seconds: number) => string;
  readonly hold: (decision: Hold) => string;
}

const PREFIX = '[Autoscaler] ';

/** The catalogue. The zh-CN lines of a scale-up are those of the article, word for word. */
export const decisionTexts: Readonly<Record<Locale, DecisionTexts>> = {
  'zh-CN': {
    detected: (input, replicas) => {
      const [value, up] = formatPair(input.value ?? Number.NaN, input.up);
      return `${PREFIX}检测到${displayName(input.name)}=${value} > 阈值${up},触发扩容${share(input, replicas, '每实例,合计')}`;
    },
    allBelow: (inputs) => `${PREFIX}检测到${comparisons(inputs, '阈值')},全部低于缩容阈值,触发缩容`,
    planned: (decision) => `${PREFIX}${planned['zh-CN'](decision)}`,
    belowMinimum: (from, min) => `${PREFIX}实例数${from} < 下限${min},触发扩容`,
    aboveMaximum: (from, max) => `${PREFIX}实例数${from} > 上限${max},触发缩容`,
    adding: (from, count) => `${PREFIX}当前实例数:${from} → 新增${count}个实例`,
    removing: (from, count) => `${PREFIX}当前实例数:${from} → 减少${count}个实例`,
    added: (to) => `${PREFIX}扩容完成,当前实例数:${to}`,
    removed: (to) => `${PREFIX}缩容完成,当前实例数:${to}`,
    failed: (to) => `${PREFIX}调整到${to}个实例失败,下一轮重试`,
    dryRun: `${PREFIX}演练模式:不改变实例数`,
    changedOutside: (from, to) => `${PREFIX}实例数被外部修改:${from} → ${to},以此为准`,
    stateLost: `${PREFIX}无法读取保存的状态;保持现有实例数,一个冷却时间内不缩容`,
    clockStepped: (seconds) => `${PREFIX}系统时钟被调整了${seconds}秒`,
    hold: (decision) => {
      const { from } = decision;
      return `${PREFIX}保持${from}个实例:${holdReasons['zh-CN'][decision.reason](decision)}`;
    },
  },
  en: {
    detected: (input, replicas) => {
      const [value, up] = formatPair(input.value ?? Number.NaN, input.up);
      return `${PREFIX}${displayName(input.name)}=${value} > threshold ${up}, scaling up${share(input, replicas, 'per replica, total ')}`;
    },
    allBelow: (inputs) => `${PREFIX}${comparisons(inputs, 'threshold ')}: all below, scaling down`,
    planned: (decision) => `${PREFIX}${planned.en(decision)}`,
    belowMinimum: (from, min) => `${PREFIX}${replicas(from)} < minimum ${min}, scaling up`,
    aboveMaximum: (from, max) => `${PREFIX}${replicas(from)} > maximum ${max}, scaling down`,
    adding: (from, count) => `${PREFIX}Replicas: ${from} → adding ${count}`,
    removing: (from, count) => `${PREFIX}Replicas: ${from} → removing ${count}`,
    added: (to) => `${PREFIX}Scale-up complete, replicas: ${to}`,
    removed: (to) => `${PREFIX}Scale-down complete, replicas: ${to}`,
    failed: (to) => `${PREFIX}Could not reach ${replicas(to)}; trying again next time`,
    dryRun: `${PREFIX}Dry run: replicas stay as they are`,
    changedOutside: (from, to) =>
      `${PREFIX}Replicas changed from outside: ${from} → ${to}, taken as they are`,
    stateLost: `${PREFIX}The saved state cannot be read; replicas stay, none is removed for one cooldown`,
    clockStepped: (seconds) => `${PREFIX}The system clock was set by ${seconds} s`,
    hold: (decision) => {
      const { from } = decision;
      return `${PREFIX}Holding ${replicas(from)}: ${holdReasons.en[decision.reason](decision)}`;
    },
  },
};

/** The article's lines of a decision that acts, or the one line of a decision that holds. */
export function decisionLines(decision: Decision, locale: Locale): readonly string[] {
  const texts = decisionTexts[locale];
  const { from, to, inputs } = decision;
  if (decision.action === 'hold') return [texts.hold(decision)];
  if (decision.action === 'down') {
    if (decision.reason === 'surplus') return [texts.planned(decision), texts.removing(from, from - to)];
    const why =
      decision.reason === 'all-below'
        ? texts.allBelow(inputs)
        : texts.aboveMaximum(from, decision.maxReplicas);
    return [why, texts.removing(from, from - to)];
  }
  const above = inputs.filter(({ verdict }) => verdict === 'above');
  if (decision.plan !== undefined) return [texts.planned(decision), texts.adding(from, to - from)];
  const why =
    decision.reason === 'above-threshold'
      ? above.map((input) => texts.detected(input, from))
      : [texts.belowMinimum(from, decision.minReplicas)];
  return [...why, texts.adding(from, to - from)];
}

/** The decision in one sentence of each language, for pages and reports. */
export function decisionSentence(decision: Decision): Readonly<Record<Locale, string>> {
  const sentence = (locale: Locale, separator: string): string =>
    decisionLines(decision, locale)
      .map((line) => line.slice(PREFIX.length))
      .join(separator);
  return { en: sentence('en', '; '), 'zh-CN': sentence('zh-CN', ';') };
}

/** What the latency objective asks for: the load, what it needs now, and what its ramps or a forecast add. */
const planned: Readonly<Record<Locale, (decision: Decision) => string>> = {
  'zh-CN': ({ inputs, plan, reason }) => {
    const { needed = 0, forRamps = 0, replicas: wanted = 0, raisedBy = '' } = plan ?? {};
    const facts = `当前负载(${values(inputs)})需要${needed}个实例,为启动期间的波动需要${forRamps}个`;
    if (reason === 'surplus') return `${facts},实例有富余,触发缩容`;
    return raisedBy === '' ? `${facts},触发扩容` : `${facts},预测(${raisedBy})需要${wanted}个,触发扩容`;
  },
  en: ({ inputs, plan, reason }) => {
    const { needed = 0, forRamps = 0, replicas: wanted = 0, raisedBy = '' } = plan ?? {};
    const facts = `The load (${values(inputs)}) needs ${replicas(needed)}, its ramps within a start-up ${forRamps}`;
    if (reason === 'surplus') return `${facts}: the rest is surplus, scaling down`;
    return raisedBy === ''
      ? `${facts}: scaling up`
      : `${facts}, the forecast (${raisedBy}) ${wanted}: scaling up`;
  },
};

type HoldTexts = Readonly<Record<HoldReason, (decision: Decision) => string>>;

const holdReasons: Readonly<Record<Locale, HoldTexts>> = {
  'zh-CN': {
    'within-thresholds': ({ inputs }) => `指标在阈值之内(${values(inputs)})`,
    'metric-unknown': ({ inputs }) => `指标未知,不缩容(${unknowns(inputs, 'zh-CN')})`,
    'all-set-aside': ({ inputs }) => `本机没有可用的指标(${setAside(inputs)})`,
    cooldown: (decision) => `${wish(decision, 'zh-CN')},冷却时间还剩${remainingSeconds(decision)}秒`,
    'at-maximum': (decision) => `${wish(decision, 'zh-CN')},但已达上限${decision.maxReplicas}`,
    'at-minimum': ({ minReplicas, inputs }) => `负载低(${values(inputs)}),已在下限${minReplicas}`,
    'would-flap': ({ inputs }) => `减少后将再次超过扩容阈值(${values(inputs)})`,
    'replicas-starting': (decision) => `${wish(decision, 'zh-CN')},等待新实例就绪`,
    'replicas-draining': (decision) => `${wish(decision, 'zh-CN')},等待旧实例退出`,
    'replicas-failing': (decision) => `${wish(decision, 'zh-CN')},但新实例无法就绪,稍后再试`,
    rollout: (decision) => `${wish(decision, 'zh-CN')},等待滚动更新完成`,
    'clock-stepped': () => '系统时钟被调整,本轮不做改变',
    'enough-replicas': ({ inputs, plan }) =>
      `实例数正合适(${values(inputs)};当前需要${plan?.needed ?? 0}个,为波动保留到${plan?.replicas ?? 0}个)`,
    'recently-needed': ({ plan }) => `目前只需要${plan?.replicas ?? 0}个,但几分钟内曾需要更多`,
    'latency-unreachable': ({ inputs }) => `单个实例即使空闲也达不到延迟目标(${values(inputs)})`,
    'not-leader': (decision) => `${wish(decision, 'zh-CN')},但由另一个控制器负责`,
  },
  en: {
    'within-thresholds': ({ inputs }) => `metrics are within their thresholds (${values(inputs)})`,
    'metric-unknown': ({ inputs }) => `never down on an unknown metric (${unknowns(inputs, 'en')})`,
    'all-set-aside': ({ inputs }) => `no metric exists on this machine (${setAside(inputs)})`,
    cooldown: (decision) => `${wish(decision, 'en')}, ${remainingSeconds(decision)} s of cooldown left`,
    'at-maximum': (decision) => `${wish(decision, 'en')}, but ${decision.maxReplicas} is the maximum`,
    'at-minimum': ({ minReplicas, inputs }) =>
      `load is low (${values(inputs)}) and ${minReplicas} is the minimum`,
    'would-flap': ({ inputs }) => `fewer would be above the up threshold again (${values(inputs)})`,
    'replicas-starting': (decision) => `${wish(decision, 'en')}, waiting for replicas that are starting`,
    'replicas-draining': (decision) => `${wish(decision, 'en')}, waiting for replicas that are draining`,
    'replicas-failing': (decision) =>
      `${wish(decision, 'en')}, but new replicas do not become ready; trying again later`,
    rollout: (decision) => `${wish(decision, 'en')}, waiting for the rolling update to end`,
    'clock-stepped': () => 'the system clock was set; nothing is changed this time',
    'enough-replicas': ({ inputs, plan }) =>
      `just enough (${values(inputs)}; ${plan?.needed ?? 0} needed now, up to ${plan?.replicas ?? 0} kept for its ramps)`,
    'recently-needed': ({ plan }) => `${plan?.replicas ?? 0} would do now, more were needed minutes ago`,
    'latency-unreachable': ({ inputs }) =>
      `even an idle replica is slower than the latency objective (${values(inputs)})`,
    'not-leader': (decision) => `${wish(decision, 'en')}, and another controller acts`,
  },
};

const verdictTexts = {
  'zh-CN': {
    missing: '无数据',
    'not-finite': '不是数值',
    stale: '数据过期',
    partial: '数据不完整',
    ambiguous: '多个序列',
    failed: '查询失败',
  },
  en: {
    missing: 'no data',
    'not-finite': 'not a number',
    stale: 'stale',
    partial: 'incomplete',
    ambiguous: 'several series',
    failed: 'query failed',
  },
} as const;

function wish({ proposal, inputs, plan }: Decision, locale: Locale): string {
  if (plan !== undefined) {
    return locale === 'en'
      ? `${replicas(plan.replicas)} would keep the latency`
      : `保持延迟目标需要${plan.replicas}个实例`;
  }
  const asking = inputs.filter(({ verdict }) => verdict === (proposal === 'up' ? 'above' : 'below'));
  const sign = proposal === 'up' ? '>' : '<';
  const facts = asking.map((input) => comparison(input, sign, ' ')).join(', ');
  if (locale === 'en') return `${facts} asks for ${proposal === 'up' ? 'more' : 'fewer'}`;
  return `${facts},需要${proposal === 'up' ? '扩容' : '缩容'}`;
}

function comparison(input: MetricVerdict, sign: string, gap: string): string {
  const [value, threshold] = formatPair(input.value ?? Number.NaN, sign === '>' ? input.up : input.down);
  return `${displayName(input.name)}=${value} ${sign}${gap}${threshold}`;
}

function comparisons(inputs: readonly MetricVerdict[], word: string): string {
  const below = inputs.filter(({ verdict }) => verdict === 'below');
  return below.map((input) => comparison(input, '<', ` ${word}`)).join(word === '阈值' ? '、' : ', ');
}

function values(inputs: readonly MetricVerdict[]): string {
  return inputs
    .filter(({ value }) => value !== undefined)
    .map(({ name, value }) => `${displayName(name)}=${formatValue(value ?? Number.NaN)}`)
    .join(', ');
}

function unknowns(inputs: readonly MetricVerdict[], locale: Locale): string {
  const texts: Readonly<Record<string, string>> = verdictTexts[locale];
  return inputs
    .flatMap(({ name, verdict, detail }) => {
      const text = texts[verdict];
      if (text === undefined) return [];
      return [`${displayName(name)}: ${text}${detail === undefined ? '' : ` (${detail})`}`];
    })
    .join(', ');
}

function setAside(inputs: readonly MetricVerdict[]): string {
  return inputs.map(({ name, detail = '' }) => `${displayName(name)}: ${detail}`).join(', ');
}

function remainingSeconds({ proposal, cooldownRemainingMs }: Decision): number {
  return Math.ceil((proposal === 'up' ? cooldownRemainingMs.up : cooldownRemainingMs.down) / 1000);
}

function share({ per, total = 0 }: MetricVerdict, replicas: number, words: string): string {
  return per === 'replica' && replicas > 1 ? ` (${words}${formatValue(total)})` : '';
}

function replicas(count: number): string {
  return count === 1 ? '1 replica' : `${count} replicas`;
}
