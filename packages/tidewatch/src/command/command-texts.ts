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
  readonly foreignOption: (option: string, command: string) => string;
  readonly inMemory: string;
  readonly noService: (url: string, code: string) => string;
  readonly notAllowed: (url: string, status: number) => string;
  readonly otherService: (url: string, status: number) => string;
  readonly badVerb: (got: string, verbs: readonly string[]) => string;
  readonly noMatcher: string;
  readonly badMatcher: (got: string) => string;
  readonly forAndUntil: string;
  readonly noSilenceId: string;
  readonly silenced: (id: string, until: string, alerts: number) => string;
  readonly silenceEnded: (id: string) => string;
  readonly unknownSilence: (id: string) => string;
  readonly noSilences: string;
  readonly silenceColumns: readonly string[];
  readonly silenceStates: Readonly<Record<'pending' | 'active' | 'expired', string>>;
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
  alerts explain [FINGERPRINT | --labels MATCHER]    why somebody is told of an alert of a running service, or not
  alerts silence add MATCHER… [--for 2h]             keeps alerts of a running service quiet
  alerts silence list [MATCHER…] [--expired]         its silences
  alerts silence expire ID…                          ends silences
  alertmanager check FILE…                           checks alertmanager.yml
  relay FILE [--data DIR] [--listen HOST:PORT]       takes Alertmanager's webhooks, delivers by the file's channels
  autoscaler check FILE…                             checks the autoscaler's config.yaml

  --send              verify: sends a test message through every channel; people are reached
  --from, --to T      replay: times such as 2026-11-23T12:00:00Z, or Unix seconds
  --url URL           replay: a Prometheus server, or a service with Tidewatch in it;
                      explain, silence: the service (default TIDEWATCH_URL, else http://127.0.0.1:3000)
  --labels MATCHER    explain: alertname="LowAccuracy",model=~"a|b"; more than once if you like
  --for D             silence: 90m, 1h30m, 2d (default 1h), from now or from --from
  --from, --until T   silence: times
  --comment TEXT      silence: why; --author NAME: who (default USER)
  --expired           silence: lists those that have ended too
  --data DIR          relay: keeps what waits in this folder: a relay that is killed delivers after its restart
  --listen HOST:PORT  relay: where it listens (default 127.0.0.1:9095); port 0 takes a free one
  --token-file FILE   relay: the bearer token that Alertmanager must show;
                      explain, silence: the one that the service wants (or --token, TIDEWATCH_TOKEN)
  --lang en|zh-CN     language (default: from LANG)
  --json              JSON instead of lines
  --help              this text

Exit status: 0 done, 1 what was looked at has faults, is not there or cannot be asked, 2 called wrongly.`,
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
    foreignOption: (option, command) =>
      `${option} is no option of "${command}"; tidewatch --help shows the options`,
    inMemory: 'without --data, what waits to be delivered ends with this process',
    noService: (url, code) =>
      `no service answers at ${url} (${code}); start the service, or say where it is with --url or TIDEWATCH_URL`,
    notAllowed: (url, status) =>
      `${url} does not let this command in (HTTP ${status}); run it on the machine of the service, or give createTidewatch access: { token } and this command --token-file or TIDEWATCH_TOKEN`,
    otherService: (url, status) =>
      `${url} answers, but not as a service with Tidewatch in it (HTTP ${status}); check --url, and that the handler of Tidewatch is mounted there`,
    badVerb: (got, verbs) =>
      `alerts silence: expected ${verbs.join(', ')}${got === '' ? '' : `, got "${got}"`}; such as: tidewatch alerts silence add alertname=LowAccuracy --for 2h`,
    noMatcher: 'name what to silence, such as alertname=LowAccuracy or model=~"a|b"',
    badMatcher: (got) => `${got}: expected a matcher such as alertname=LowAccuracy or model=~"a|b"`,
    forAndUntil: '--for and --until both say when it ends; give one of them',
    noSilenceId: 'name at least one silence; tidewatch alerts silence list shows them',
    silenced: (id, until, alerts) => `${id}: until ${until}; alerts that fire now and match: ${alerts}`,
    silenceEnded: (id) => `${id}: ended`,
    unknownSilence: (id) =>
      `${id}: there is no such silence, or it has ended; tidewatch alerts silence list --expired shows all`,
    noSilences: 'no silences',
    silenceColumns: ['ID', 'STATE', 'UNTIL', 'AUTHOR', 'MATCHERS', 'COMMENT'],
    silenceStates: { pending: 'pending', active: 'active', expired: 'ended' },
  },
  'zh-CN': {
    usage: `用法:tidewatch <命令> [选项]

  dashboard export [--format grafana] [--out 文件]   把页面的面板导出为 Grafana 仪表盘
  alerts check 文件…                                 检查 Prometheus 规则文件及其中的表达式
  alerts test-rules 文件…                            运行 promtool 的规则测试
  alerts replay --url URL --from T --to T 文件…      用服务器的历史数据回放规则,列出本应触发的告警
  alerts verify [--send] 文件…                       检查 alertmanager.yml 中的通道能否工作
  alerts explain [指纹 | --labels 匹配器]            说明运行中服务的告警为何通知了人,或为何没有
  alerts silence add 匹配器… [--for 2h]              让运行中服务的告警静默
  alerts silence list [匹配器…] [--expired]          列出其静默规则
  alerts silence expire ID…                          结束静默规则
  alertmanager check 文件…                           检查 alertmanager.yml
  relay 文件 [--data 目录] [--listen 主机:端口]      接收 Alertmanager 的 webhook,经文件中的通道投递
  autoscaler check 文件…                             检查自动伸缩的 config.yaml

  --send              verify:经每个通道发送一条测试消息,会打扰到人
  --from, --to T      replay:时间,如 2026-11-23T12:00:00Z,或 Unix 秒数
  --url URL           replay:Prometheus 服务器,或内嵌 Tidewatch 的服务;
                      explain、silence:该服务(默认 TIDEWATCH_URL,否则 http://127.0.0.1:3000)
  --labels 匹配器     explain:alertname="LowAccuracy",model=~"a|b";可多次给出
  --for 时长          silence:90m、1h30m、2d(默认 1h),从现在或 --from 起
  --from, --until T   silence:时间
  --comment 文字      silence:原因;--author 名字:何人(默认 USER)
  --expired           silence:同时列出已结束的
  --data 目录         relay:把等待投递的内容存入此目录,进程被杀后重启仍会送达
  --listen 主机:端口  relay:监听地址(默认 127.0.0.1:9095);端口 0 表示任选空闲端口
  --token-file 文件   relay:Alertmanager 必须出示的令牌;
                      explain、silence:服务要求的令牌(或 --token、TIDEWATCH_TOKEN)
  --lang en|zh-CN     语言(默认取自 LANG)
  --json              输出 JSON
  --help              显示本帮助

退出状态:0 完成,1 所检查的内容有错误、不存在或无法查询,2 用法错误。`,
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
    foreignOption: (option, command) => `"${command}" 没有选项 ${option};用 tidewatch --help 查看选项`,
    inMemory: '未给出 --data:等待投递的内容会随本进程结束而丢失',
    noService: (url, code) => `${url} 没有服务应答(${code});请启动服务,或用 --url 或 TIDEWATCH_URL 指明地址`,
    notAllowed: (url, status) =>
      `${url} 不允许此命令访问(HTTP ${status});请在服务所在机器上运行,或给 createTidewatch 设置 access: { token } 并用 --token-file 或 TIDEWATCH_TOKEN 出示令牌`,
    otherService: (url, status) =>
      `${url} 有应答,但不像内嵌 Tidewatch 的服务(HTTP ${status});请检查 --url,以及那里是否挂载了 Tidewatch 的 handler`,
    badVerb: (got, verbs) =>
      `alerts silence:应为 ${verbs.join('、')}${got === '' ? '' : `,实际为 "${got}"`};例如:tidewatch alerts silence add alertname=LowAccuracy --for 2h`,
    noMatcher: '请给出要静默的对象,如 alertname=LowAccuracy 或 model=~"a|b"',
    badMatcher: (got) => `${got}:应为匹配器,如 alertname=LowAccuracy 或 model=~"a|b"`,
    forAndUntil: '--for 和 --until 都表示结束时间;请只给出一个',
    noSilenceId: '请至少给出一个静默规则的 ID;tidewatch alerts silence list 会列出它们',
    silenced: (id, until, alerts) => `${id}:到 ${until} 为止;当前触发且匹配的告警:${alerts}`,
    silenceEnded: (id) => `${id}:已结束`,
    unknownSilence: (id) =>
      `${id}:没有这条静默规则,或已结束;tidewatch alerts silence list --expired 会列出全部`,
    noSilences: '没有静默规则',
    silenceColumns: ['编号', '状态', '结束时间', '作者', '匹配器', '备注'],
    silenceStates: { pending: '未开始', active: '生效中', expired: '已结束' },
  },
};
