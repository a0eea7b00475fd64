import type { Locale } from '@tidewatch/core';

/** Everything the command says by itself, in one language. */
export interface CommandTexts {
  readonly help: string;
  readonly warning: string;
  readonly sound: (source: string, metrics: number) => string;
  readonly noTarget: string;
  readonly badMode: (got: string) => string;
  readonly modeNeedsLatency: (mode: string) => string;
  readonly noHistory: (reason: string) => string;
  readonly savings: (hours: string, replicaRps: string) => string;
  readonly latencyWithoutMode: string;
  readonly badLatency: (got: string) => string;
  readonly badReplicas: (got: string) => string;
  readonly badTarget: (got: string) => string;
  readonly badLease: (got: string) => string;
  readonly badLast: (got: string) => string;
  readonly surplus: (argument: string) => string;
  readonly unobserved: string;
  readonly seeHelp: string;
}

export const commandTexts: Readonly<Record<Locale, CommandTexts>> = {
  en: {
    help: `autoscaler: decides how many replicas a service needs, and says why

  autoscaler [options]        ask the metrics of the configuration and decide, again and again
  autoscaler simulate --trace FILE.csv   what policies would have cost on recorded traffic; see its --help
  autoscaler check [CONFIG]   check a configuration; errors and warnings with their lines
  autoscaler explain          print the last decisions that are kept, with what would have been otherwise

  --config FILE        configuration (default /etc/autoscale/config.yaml)
  --target TARGET      what is scaled: kubernetes:NAMESPACE/[KIND/]NAME, keda:NAMESPACE/[KIND/]NAME,
                       docker:GROUP=IMAGE, or webhook (AUTOSCALER_WEBHOOK_URL, AUTOSCALER_WEBHOOK_SECRET);
                       KIND: deployment (default), statefulset, or PLURAL.VERSION.GROUP
  --lease LEASE        of several controllers one acts: kubernetes:NAMESPACE/NAME, or a folder
  --dry-run            decide and explain, change nothing
  --once               decide once and end
  --json               one decision record a line, as JSON; with check: errors and warnings
  --state FILE         keep the state, decisions included, in this file; with explain: read it
                       (default there: /var/lib/autoscaler/state)
  --last N             with explain: the last N decisions (default 10)
  --replicas N         with --dry-run: decide as if N replicas were ready (default: the minimum)
  --mode MODE          threshold, slo, or cost-optimize, which says first what it would have saved
                       (default: that of the configuration; slo with --max-latency)
  --max-latency MS     a request that takes longer is late
  --help

Exit status: 0 done, 1 no decision could be taken, 2 wrong usage or configuration.`,
    warning: 'warning',
    sound: (source, metrics) => `${source}: no errors, ${metrics} metric${metrics === 1 ? '' : 's'}`,
    noTarget:
      'autoscaler: this command has nothing to scale; add --dry-run to decide without acting, name a --target, or give createAutoscaler a target in your service',
    badMode: (got) => `autoscaler: --mode: expected threshold, slo or cost-optimize, got "${got}"`,
    modeNeedsLatency: (mode) =>
      `autoscaler: --mode=${mode} needs --max-latency, or slo: { max_latency: … } in the configuration, and a metric that is a rate shared by the replicas`,
    noHistory: (reason) => `autoscaler: what would have been saved is not known: ${reason}`,
    savings: (hours, replicaRps) =>
      `The last ${hours} hours, simulated with replicas of ${replicaRps} requests per second:`,
    latencyWithoutMode: 'autoscaler: --max-latency needs --mode=slo or cost-optimize',
    badLatency: (got) => `autoscaler: --max-latency: expected milliseconds above 0, got "${got}"`,
    badReplicas: (got) => `autoscaler: --replicas: expected a whole number from 1, got "${got}"`,
    badTarget: (got) =>
      `autoscaler: --target: cannot use "${got}"; write kubernetes:NAMESPACE/NAME, keda:NAMESPACE/NAME, docker:GROUP=IMAGE, or webhook with its address in AUTOSCALER_WEBHOOK_URL`,
    badLease: (got) =>
      `autoscaler: --lease: cannot use "${got}"; write kubernetes:NAMESPACE/NAME, or a folder`,
    badLast: (got) => `autoscaler: --last: expected a whole number from 1, got "${got}"`,
    surplus: (argument) => `autoscaler: unexpected argument "${argument}"`,
    unobserved: 'autoscaler: no decision could be taken',
    seeHelp: 'see autoscaler --help',
  },
  'zh-CN': {
    help: `autoscaler:决定服务需要多少实例,并说明理由

  autoscaler [选项]           按配置查询指标并反复决策
  autoscaler simulate --trace 文件.csv   各策略在录制流量上的成本;见其 --help
  autoscaler check [配置]     检查配置;给出错误与警告及其行号
  autoscaler explain          打印保存的最近决策,并说明在其他情况下会如何

  --config 文件        配置文件(默认 /etc/autoscale/config.yaml)
  --target 目标        伸缩对象:kubernetes:命名空间/[类型/]名称、keda:命名空间/[类型/]名称、
                       docker:组=镜像,或 webhook(AUTOSCALER_WEBHOOK_URL、AUTOSCALER_WEBHOOK_SECRET);
                       类型:deployment(默认)、statefulset,或 复数.版本.组
  --lease 租约         多个控制器中只有一个执行:kubernetes:命名空间/名称,或一个文件夹
  --dry-run            只决策和说明,不做任何改变
  --once               只决策一次
  --json               每行一条 JSON 决策记录;与 check 连用:错误与警告
  --state 文件         将状态(含决策)保存到此文件;与 explain 连用:读取它
                       (其默认值:/var/lib/autoscaler/state)
  --last N             与 explain 连用:最近 N 条决策(默认 10)
  --replicas N         与 --dry-run 连用:假定有 N 个就绪实例(默认:下限)
  --mode 模式          threshold、slo,或 cost-optimize(先说明本可节省多少)
                       (默认:配置中的模式;给出 --max-latency 时为 slo)
  --max-latency 毫秒   超过即为超时
  --help

退出状态:0 完成,1 无法决策,2 用法或配置错误。`,
    warning: '警告',
    sound: (source, metrics) => `${source}:没有错误,共${metrics}个指标`,
    noTarget:
      'autoscaler:此命令没有可伸缩的目标;请加 --dry-run 只决策不执行,用 --target 指定目标,或在服务中为 createAutoscaler 提供 target',
    badMode: (got) => `autoscaler:--mode:应为 threshold、slo 或 cost-optimize,得到 "${got}"`,
    modeNeedsLatency: (mode) =>
      `autoscaler:--mode=${mode} 需要 --max-latency,或配置中的 slo: { max_latency: … },并且要有一个由实例分担的请求速率指标`,
    noHistory: (reason) => `autoscaler:无法计算可节省的成本:${reason}`,
    savings: (hours, replicaRps) => `过去 ${hours} 小时的模拟(单个实例每秒 ${replicaRps} 个请求):`,
    latencyWithoutMode: 'autoscaler:--max-latency 需要 --mode=slo 或 cost-optimize',
    badLatency: (got) => `autoscaler:--max-latency:应为大于 0 的毫秒数,得到 "${got}"`,
    badReplicas: (got) => `autoscaler:--replicas:应为不小于 1 的整数,得到 "${got}"`,
    badTarget: (got) =>
      `autoscaler:--target:无法使用 "${got}";请写 kubernetes:命名空间/名称、keda:命名空间/名称、docker:组=镜像,或 webhook(地址放在 AUTOSCALER_WEBHOOK_URL)`,
    badLease: (got) => `autoscaler:--lease:无法使用 "${got}";请写 kubernetes:命名空间/名称,或一个文件夹`,
    badLast: (got) => `autoscaler:--last:应为不小于 1 的整数,得到 "${got}"`,
    surplus: (argument) => `autoscaler:多余的参数 "${argument}"`,
    unobserved: 'autoscaler:无法做出决策',
    seeHelp: '用法见 autoscaler --help',
  },
};

/** The language of the terminal: `LC_ALL` before `LC_MESSAGES` before `LANG`, as POSIX has it. */
export function localeOf(env: Readonly<Record<string, string | undefined>>): Locale {
  const language = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return language?.toLowerCase().startsWith('zh') === true ? 'zh-CN' : 'en';
}
