import type { Locale } from '@tidewatch/core';

export interface CommandTexts {
  readonly usage: string;
  readonly unknownCommand: (name: string, near: string | undefined) => string;
  readonly noFile: string;
  readonly badOption: (option: string, expected: readonly string[], got: string) => string;
  readonly unexpected: (words: string) => string;
  readonly cannotWrite: (file: string, code: string) => string;
  readonly written: (file: string) => string;
  /** Stands before a warning. */
  readonly warning: string;
  readonly rules: (count: number) => string;
  readonly receivers: (count: number) => string;
  readonly metrics: (count: number) => string;
  readonly missingOption: (option: string) => string;
  readonly oneFile: string;
  readonly cannotRead: (option: string, file: string, code: string) => string;
  readonly cannotListen: (address: string, code: string) => string;
  readonly listening: (url: string, receivers: readonly string[]) => string;
  /** What each step of a verification looked at. */
  readonly verified: { readonly static: string; readonly handshake: string; readonly send: string };
  readonly testsPassed: string;
  readonly testFailed: (test: string, subject: string, time: string) => string;
  readonly replayColumns: readonly string[];
  readonly replayedNone: string;
  readonly stillFiring: string;
  readonly replayFailures: (count: number) => string;
  readonly tooManyRounds: (max: number) => string;
}

/** Every text that the command says to a person. */
export const commandTexts: Readonly<Record<Locale, CommandTexts>> = {
  en: {
    usage: `Usage: tidewatch <command> [options]

  dashboard export [--format grafana] [--out FILE]   the page's panels as a Grafana dashboard
  alerts check FILE…                                 checks Prometheus rule files, expressions included
  alerts test-rules FILE…                            runs promtool's tests of rules
  alerts replay --url URL --from T --to T FILE…      says what rules would have fired on a server's history
  alerts verify [--send] FILE…                       looks whether the channels of an alertmanager.yml work
  alertmanager check FILE…                           checks alertmanager.yml
  relay FILE [--listen HOST:PORT]                    takes Alertmanager's webhooks, delivers by the file's channels
  autoscaler check FILE…                             checks the autoscaler's config.yaml

  --send              verify: sends a test message through every channel; people are reached
  --from, --to T      replay: times such as 2026-11-23T12:00:00Z, or Unix seconds
  --url URL           replay: a Prometheus server, or a service with Tidewatch in it
  --listen HOST:PORT  relay: where it listens (default 127.0.0.1:9095); port 0 takes a free one
  --token-file FILE   relay: the bearer token that Alertmanager must show
  --lang en|zh-CN     language (default: from LANG)
  --json              JSON instead of lines
  --help              this text

Exit status: 0 done, 1 what was looked at has faults, 2 called wrongly.`,
    unknownCommand: (name, near) =>
      `there is no command "${name}"; ${near === undefined ? 'tidewatch --help lists them' : `did you mean "${near}"?`}`,
    noFile: 'name at least one file',
    badOption: (option, expected, got) => `${option}: expected ${expected.join(' or ')}, got "${got}"`,
    unexpected: (words) => `"${words}" is not expected here; tidewatch --help shows the options`,
    cannotWrite: (file, code) =>
      `--out: cannot write "${file}" (${code}); check that its folder exists and is yours`,
    written: (file) => `written: ${file}`,
    warning: 'warning',
    rules: (count) => `rules: ${count}, no fault`,
    receivers: (count) => `receivers: ${count}, no fault`,
    metrics: (count) => `metrics: ${count}, no fault`,
    missingOption: (option) => `${option} is missing; tidewatch --help shows the options`,
    oneFile: 'name one alertmanager.yml',
    cannotRead: (option, file, code) =>
      `${option}: cannot read "${file}" (${code}); check path and permissions`,
    cannotListen: (address, code) =>
      `--listen: cannot listen on ${address} (${code}); choose another address`,
    listening: (url, receivers) => `relay listens: ${url}, receivers: ${receivers.join(', ')}`,
    verified: { static: 'options and message', handshake: 'service', send: 'test message' },
    testsPassed: 'SUCCESS',
    testFailed: (test, subject, time) => `FAILED: ${test}: ${subject}, time: ${time}`,
    replayColumns: ['FIRED', 'RESOLVED', 'ALERT', 'VALUE', 'LABELS'],
    replayedNone: 'no alert would have fired',
    stillFiring: 'still firing',
    replayFailures: (count) => `${count} queries failed; what they would have raised is not known`,
    tooManyRounds: (max) => `--from, --to: more than ${max} evaluations; choose a shorter time`,
  },
  'zh-CN': {
    usage: `用法:tidewatch <命令> [选项]

  dashboard export [--format grafana] [--out 文件]   把页面的面板导出为 Grafana 仪表盘
  alerts check 文件…                                 检查 Prometheus 规则文件及其中的表达式
  alerts test-rules 文件…                            运行 promtool 的规则测试
  alerts replay --url URL --from T --to T 文件…      用服务器的历史数据回放规则,列出本应触发的告警
  alerts verify [--send] 文件…                       检查 alertmanager.yml 中的通道能否工作
  alertmanager check 文件…                           检查 alertmanager.yml
  relay 文件 [--listen 主机:端口]                    接收 Alertmanager 的 webhook,经文件中的通道投递
  autoscaler check 文件…                             检查自动伸缩的 config.yaml

  --send              verify:经每个通道发送一条测试消息,会打扰到人
  --from, --to T      replay:时间,如 2026-11-23T12:00:00Z,或 Unix 秒数
  --url URL           replay:Prometheus 服务器,或内嵌 Tidewatch 的服务
  --listen 主机:端口  relay:监听地址(默认 127.0.0.1:9095);端口 0 表示任选空闲端口
  --token-file 文件   relay:Alertmanager 必须出示的令牌
  --lang en|zh-CN     语言(默认取自 LANG)
  --json              输出 JSON
  --help              显示本帮助

退出状态:0 完成,1 所检查的内容有错误,2 用法错误。`,
    unknownCommand: (name, near) =>
      `没有命令 "${name}";${near === undefined ? '用 tidewatch --help 查看全部命令' : `是否想用 "${near}"?`}`,
    noFile: '请至少给出一个文件',
    badOption: (option, expected, got) => `${option}:应为 ${expected.join(' 或 ')},实际为 "${got}"`,
    unexpected: (words) => `此处不应出现 "${words}";用 tidewatch --help 查看选项`,
    cannotWrite: (file, code) => `--out:无法写入 "${file}"(${code});请检查目录是否存在、是否有权限`,
    written: (file) => `已写入:${file}`,
    warning: '警告',
    rules: (count) => `${count} 条规则,没有错误`,
    receivers: (count) => `${count} 个接收方,没有错误`,
    metrics: (count) => `${count} 个指标,没有错误`,
    missingOption: (option) => `缺少 ${option};用 tidewatch --help 查看选项`,
    oneFile: '请给出一个 alertmanager.yml 文件',
    cannotRead: (option, file, code) => `${option}:无法读取 "${file}"(${code});请检查路径与权限`,
    cannotListen: (address, code) => `--listen:无法监听 ${address}(${code});请换一个地址`,
    listening: (url, receivers) => `转发器正在监听:${url},接收方:${receivers.join('、')}`,
    verified: { static: '选项与消息', handshake: '服务连通', send: '测试消息' },
    testsPassed: '通过',
    testFailed: (test, subject, time) => `未通过:${test}:${subject},时间:${time}`,
    replayColumns: ['触发时间', '恢复时间', '告警', '值', '标签'],
    replayedNone: '没有会触发的告警',
    stillFiring: '仍在触发',
    replayFailures: (count) => `${count} 次查询失败;这些时刻的告警无从得知`,
    tooManyRounds: (max) => `--from、--to:求值超过 ${max} 次;请缩短时间范围`,
  },
};
