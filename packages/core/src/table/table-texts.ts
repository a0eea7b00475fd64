import type { Locale } from '../vocabulary/disposable.ts';

/** Every text of the table of a snapshot. */
export interface TableTexts {
  readonly title: (model: string, window: string) => string;
  readonly seconds: string;
  readonly minutes: string;
  readonly hours: string;
  readonly unknown: string;
  readonly interval: (low: string, high: string) => string;
  readonly labelled: (labelled: number, n: number) => string;
  readonly trusted: string;
  readonly untrusted: string;
  readonly withinBound: (bound: string) => string;
  readonly topK: (k: number) => string;
  readonly accuracy: string;
  readonly estimated: string;
  readonly balancedAccuracy: string;
  readonly f1: string;
  readonly mcc: string;
  readonly kappa: string;
  readonly logLoss: string;
  readonly brier: string;
  readonly ece: string;
  readonly rocAuc: string;
  readonly averagePrecision: string;
  readonly hammingLoss: string;
  readonly latency: string;
  readonly throughput: string;
  readonly perSecond: string;
  readonly errors: string;
  readonly waiting: string;
  readonly drift: string;
  readonly quiet: string;
  readonly class: string;
  readonly precision: string;
  readonly recall: string;
  readonly support: string;
  readonly segment: string;
}

const en: TableTexts = {
  title: (model, window) => `${model}, the last ${window}`,
  seconds: 's',
  minutes: 'min',
  hours: 'h',
  unknown: 'unknown',
  interval: (low, high) => `${low} to ${high}`,
  labelled: (labelled, n) => `${labelled} of ${n} labelled`,
  trusted: 'labels agree',
  untrusted: 'not confirmed by labels',
  withinBound: (bound) => `exact within ${bound}`,
  topK: (k) => `among the ${k} best`,
  accuracy: 'accuracy',
  estimated: 'estimated accuracy',
  balancedAccuracy: 'balanced accuracy',
  f1: 'F1, mean of classes',
  mcc: 'MCC',
  kappa: 'kappa',
  logLoss: 'log loss',
  brier: 'Brier score',
  ece: 'calibration error',
  rocAuc: 'ROC-AUC',
  averagePrecision: 'average precision',
  hammingLoss: 'Hamming loss',
  latency: 'latency p99',
  throughput: 'throughput',
  perSecond: '/s',
  errors: 'failed calls',
  waiting: 'waiting for labels',
  drift: 'drift',
  quiet: 'none',
  class: 'class',
  precision: 'precision',
  recall: 'recall',
  support: 'labelled',
  segment: 'segment',
};

const zhCN: TableTexts = {
  title: (model, window) => `${model},最近 ${window}`,
  seconds: '秒',
  minutes: '分钟',
  hours: '小时',
  unknown: '未知',
  interval: (low, high) => `${low} 至 ${high}`,
  labelled: (labelled, n) => `${n} 个中已标注 ${labelled} 个`,
  trusted: '与标签相符',
  untrusted: '尚未被标签证实',
  withinBound: (bound) => `与精确值相差不超过 ${bound}`,
  topK: (k) => `前 ${k} 名命中`,
  accuracy: '准确率',
  estimated: '估计准确率',
  balancedAccuracy: '平衡准确率',
  f1: 'F1(各类平均)',
  mcc: 'MCC',
  kappa: 'Kappa',
  logLoss: '对数损失',
  brier: 'Brier 分数',
  ece: '校准误差',
  rocAuc: 'ROC-AUC',
  averagePrecision: '平均精确率',
  hammingLoss: '汉明损失',
  latency: '延迟 p99',
  throughput: '吞吐量',
  perSecond: '/秒',
  errors: '失败调用',
  waiting: '等待标签',
  drift: '漂移',
  quiet: '无',
  class: '类别',
  precision: '精确率',
  recall: '召回率',
  support: '已标注',
  segment: '分组',
};

export const tableTexts: Readonly<Record<Locale, TableTexts>> = { en, 'zh-CN': zhCN };
