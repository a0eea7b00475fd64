import type { Locale } from '@tidewatch/core';

/** Everything that `autoscaler simulate` says by itself, in one language. */
export interface SimulateTexts {
  readonly help: string;
  readonly seeHelp: string;
  readonly noTrace: string;
  readonly badNumber: (option: string, got: string) => string;
  readonly running: (policy: string) => string;
  readonly scaled: (peak: string) => string;
  readonly heading: (trace: string, startup: string, slo: string, scale: string) => string;
}

export const simulateTexts: Readonly<Record<Locale, SimulateTexts>> = {
  en: {
    help: `autoscaler simulate: what policies would have cost, and how late they would have been, on recorded traffic

  --trace FILE         lines timestamp_s,requests
  --config FILE        adds the thresholds of this configuration as policy "threshold"; its bounds hold for all
  --replica-rps R      requests per second of one busy replica (default: the trace is scaled to --peak)
  --peak N             static peak that the trace is scaled to (default 20)
  --startup SECONDS    from a decision to a serving replica, paid for (default 60)
  --slo-ms MS          a request that takes longer is late (default 500)
  --policy NAME,…      all (default), static-peak, oracle, oracle-p99.9, hpa, keda, knative-kpa, ray-serve,
                       aws-target-tracking, article, slo, cost-optimize, threshold
  --json               one JSON object instead of the table

Exit status: 0 done, 2 wrong usage, trace or configuration.`,
    seeHelp: 'see autoscaler simulate --help',
    noTrace: '--trace FILE is missing',
    badNumber: (option, got) => `--${option}: expected a number above 0, got "${got}"`,
    running: (policy) => `simulating ${policy} …`,
    scaled: (peak) => `, scaled to a static peak of ${peak} replicas`,
    heading: (trace, startup, slo, scale) => `${trace}: start-up ${startup} s, late above ${slo} ms${scale}`,
  },
  'zh-CN': {
    help: `autoscaler simulate:在录制的流量上,各策略的成本与超时情况

  --trace 文件         每行 timestamp_s,requests
  --config 文件        把该配置的阈值作为策略 "threshold" 加入;其上下限对所有策略有效
  --replica-rps R      单个满负荷实例每秒处理的请求数(默认:按 --peak 缩放流量)
  --peak N             流量缩放到的静态峰值实例数(默认 20)
  --startup 秒         从决策到实例可用的时间,计费(默认 60)
  --slo-ms 毫秒        超过即为超时(默认 500)
  --policy 名称,…      all(默认)、static-peak、oracle、oracle-p99.9、hpa、keda、knative-kpa、ray-serve、
                       aws-target-tracking、article、slo、cost-optimize、threshold
  --json               输出一个 JSON 对象而不是表格

退出状态:0 完成,2 用法、流量文件或配置错误。`,
    seeHelp: '用法见 autoscaler simulate --help',
    noTrace: '缺少 --trace 文件',
    badNumber: (option, got) => `--${option}:应为大于 0 的数,得到 "${got}"`,
    running: (policy) => `正在模拟 ${policy} …`,
    scaled: (peak) => `,流量缩放到静态峰值 ${peak} 个实例`,
    heading: (trace, startup, slo, scale) => `${trace}:启动时间 ${startup} 秒,超过 ${slo} 毫秒为超时${scale}`,
  },
};
