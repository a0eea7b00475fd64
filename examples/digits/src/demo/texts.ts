import type { DemoLanguage } from './demo-options.ts';
import type { RunReport } from './measure-run.ts';

interface ProgressFacts {
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  readonly accuracy: string;
  readonly p99: string;
  readonly replicas: string;
  /** Names of the alerts that fire; empty when none does. */
  readonly firing: string;
}

export interface DemoTexts {
  readonly training: string;
  readonly trained: (accuracy: number, seconds: number) => string;
  /** What the page's address answers until the page is there. */
  readonly starting: string;
  readonly page: (url: string) => string;
  readonly progress: (facts: ProgressFacts) => string;
  readonly refused: (reason: string) => string;
  readonly summary: (report: RunReport, accepted: Readonly<Record<string, number>>) => string;
}

/** Every text that the demo says to a person. */
export const demoTexts: Readonly<Record<DemoLanguage, DemoTexts>> = {
  en: {
    training: 'training on 8,000 handwritten digits …',
    trained: (accuracy, seconds) =>
      `trained in ${seconds.toFixed(1)} s; ${percent(accuracy)} right on 2,000 unseen images`,
    starting: 'the demo is starting: the model is being trained; try again in a few seconds',
    page: (url) => `page: ${url}   (Ctrl-C ends the demo)`,
    progress: ({ seconds, requests, failed, accuracy, p99, replicas, firing }) =>
      `${seconds} s · ${requests} sent, ${failed} failed · right ${accuracy} · P99 ${p99} · replicas ${replicas}` +
      (firing === '' ? '' : ` · FIRING ${firing}`),
    refused: (reason) => `a receiver refused a message: ${reason}`,
    summary: ({ requests, failed, accuracyBefore, accuracyAfter, replicas }, accepted) =>
      `${requests} requests, ${failed} failed; accuracy ${percent(accuracyBefore)} before the lens got dirty, ` +
      `${percent(accuracyAfter)} after; ${replicas.min ?? '–'} to ${replicas.max ?? '–'} replicas in ${replicas.changes} changes; ` +
      `messages delivered: ${counts(accepted)}`,
  },
  'zh-CN': {
    training: '正在用 8,000 张手写数字训练……',
    trained: (accuracy, seconds) =>
      `训练用时 ${seconds.toFixed(1)} 秒,在 2,000 张未见过的图片上准确率 ${percent(accuracy)}`,
    starting: '演示正在启动:模型训练中,请几秒后再试',
    page: (url) => `页面:${url}(按 Ctrl-C 结束)`,
    progress: ({ seconds, requests, failed, accuracy, p99, replicas, firing }) =>
      `${seconds} 秒 · 请求 ${requests},失败 ${failed} · 准确率 ${accuracy} · P99 ${p99} · 实例 ${replicas}` +
      (firing === '' ? '' : ` · 告警中 ${firing}`),
    refused: (reason) => `接收方拒收了一条消息:${reason}`,
    summary: ({ requests, failed, accuracyBefore, accuracyAfter, replicas }, accepted) =>
      `请求 ${requests},失败 ${failed};镜头变脏前准确率 ${percent(accuracyBefore)},之后 ${percent(accuracyAfter)};` +
      `实例 ${replicas.min ?? '–'} 到 ${replicas.max ?? '–'},变更 ${replicas.changes} 次;送达消息:${counts(accepted)}`,
  },
};

function percent(ratio: number | null): string {
  return ratio === null ? '–' : `${(ratio * 100).toFixed(1)} %`;
}

function counts(accepted: Readonly<Record<string, number>>): string {
  return Object.entries(accepted)
    .map(([channel, count]) => `${channel} ${count}`)
    .join(', ');
}
