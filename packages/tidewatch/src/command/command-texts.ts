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
}

/** Every text that the command says to a person. */
export const commandTexts: Readonly<Record<Locale, CommandTexts>> = {
  en: {
    usage: `Usage: tidewatch <command> [options]

  dashboard export [--format grafana] [--out FILE]   the page's panels as a Grafana dashboard
  alerts check FILE…                                 checks Prometheus rule files, expressions included
  alertmanager check FILE…                           checks alertmanager.yml
  autoscaler check FILE…                             checks the autoscaler's config.yaml

  --lang en|zh-CN   language (default: from LANG)
  --json            one JSON array instead of lines
  --help            this text`,
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
  },
  'zh-CN': {
    usage: `用法:tidewatch <命令> [选项]

  dashboard export [--format grafana] [--out 文件]   把页面的面板导出为 Grafana 仪表盘
  alerts check 文件…                                 检查 Prometheus 规则文件及其中的表达式
  alertmanager check 文件…                           检查 alertmanager.yml
  autoscaler check 文件…                             检查自动伸缩的 config.yaml

  --lang en|zh-CN   语言(默认取自 LANG)
  --json            输出一个 JSON 数组
  --help            显示本帮助`,
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
  },
};
