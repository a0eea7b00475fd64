import type { Locale } from '@tidewatch/core';

interface CommandTexts {
  readonly usage: string;
  readonly unknownCommand: (name: string, near: string | undefined) => string;
  readonly noFile: string;
  readonly written: (file: string) => string;
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
    written: (file) => `written: ${file}`,
    rules: (count) => `${count} rules, no fault`,
    receivers: (count) => `${count} receivers, no fault`,
    metrics: (count) => `${count} metrics, no fault`,
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
    written: (file) => `已写入:${file}`,
    rules: (count) => `${count} 条规则,没有错误`,
    receivers: (count) => `${count} 个接收方,没有错误`,
    metrics: (count) => `${count} 个指标,没有错误`,
  },
};
