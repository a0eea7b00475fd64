import type { Locale } from '@tidewatch/core';

/** A rule whose texts exist in every language. */
export interface DefaultRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly severity: 'critical' | 'warning' | 'none';
  readonly summary: Readonly<Record<Locale, string>>;
  readonly description: Readonly<Record<Locale, string>>;
}

/** The four areas of an online classifier (quality, load, service, cost), and the alerting itself. */
export const defaultRulesByArea: Readonly<Record<string, readonly DefaultRule[]>> = {
  classification: [
    {
      alert: 'ClassificationAccuracyDropped',
      expr: '(classification_baseline_accuracy - classification_accuracy) / classification_baseline_accuracy > 0.05',
      for: '5m',
      severity: 'critical',
      summary: {
        'zh-CN': '分类准确率比基线低 {{ $value | humanizePercentage }}',
        en: 'Accuracy is {{ $value | humanizePercentage }} below its baseline',
      },
      description: {
        'zh-CN':
          '模型 {{ $labels.model }} 的准确率应与基线相差不超过 5%。检查输入数据是否变化,必要时回滚模型。',
        en: 'Model {{ $labels.model }} should stay within 5 % of it. Check the input for a change; roll the model back if needed.',
      },
    },
    {
      alert: 'ClassificationLabelsMissing',
      expr: 'classification_label_coverage < 0.1',
      for: '30m',
      severity: 'warning',
      summary: {
        'zh-CN': '标注覆盖率为 {{ $value | humanizePercentage }}',
        en: 'Label coverage is {{ $value | humanizePercentage }}',
      },
      description: {
        'zh-CN': '低于 10% 时准确率不再可信。检查真实标签的回传。',
        en: 'Below 10 % the accuracy is not to be trusted. Check the way true labels come back.',
      },
    },
  ],
  load: [
    {
      alert: 'GpuUtilizationHigh',
      expr: 'gpu_utilization > 0.8',
      for: '5m',
      severity: 'warning',
      summary: {
        'zh-CN': 'GPU {{ $labels.gpu }} 利用率 {{ $value | humanizePercentage }}',
        en: 'GPU {{ $labels.gpu }} is {{ $value | humanizePercentage }} busy',
      },
      description: {
        'zh-CN': '阈值为 80%,持续 5 分钟。考虑扩容。',
        en: 'The threshold is 80 % for 5 minutes. Consider scaling up.',
      },
    },
  ],
  service: [
    {
      alert: 'ClassificationLatencyHigh',
      expr: 'histogram_quantile(0.99, sum by (le, model) (rate(classification_request_duration_seconds_bucket[5m]))) > 0.5',
      for: '2m',
      severity: 'critical',
      summary: {
        'zh-CN': 'P99 延迟 {{ $value | humanizeDuration }}',
        en: 'P99 latency is {{ $value | humanizeDuration }}',
      },
      description: {
        'zh-CN': '阈值为 500 毫秒。检查排队与扩缩容。',
        en: 'The threshold is 500 ms. Check the queue and the scaling.',
      },
    },
    {
      alert: 'ClassificationErrorsHigh',
      expr: 'sum by (model) (rate(classification_errors_total[5m])) / sum by (model) (rate(classification_request_duration_seconds_count[5m])) > 0.01',
      for: '5m',
      severity: 'critical',
      summary: {
        'zh-CN': '错误率 {{ $value | humanizePercentage }}',
        en: 'The error ratio is {{ $value | humanizePercentage }}',
      },
      description: {
        'zh-CN': '阈值为 1%。查看服务日志。',
        en: 'The threshold is 1 %. Look into the log of the service.',
      },
    },
  ],
  cost: [
    {
      alert: 'IdleReplicas',
      expr: 'autoscaler_idle_replicas > 2',
      for: '10m',
      severity: 'warning',
      summary: { 'zh-CN': '{{ $value }} 个实例空闲', en: '{{ $value }} replicas are idle' },
      description: {
        'zh-CN': '空闲实例超过 2 个就是浪费。降低 min_replicas,或缩短冷却时间。',
        en: 'More than 2 are waste. Lower min_replicas or shorten the cooldown.',
      },
    },
  ],
  alerting: [
    {
      alert: 'NotificationsLost',
      expr: 'increase(alerts_notifications_lost_total[15m]) > 0',
      severity: 'critical',
      summary: {
        'zh-CN': '通道 {{ $labels.channel }} 有告警消息未能送达',
        en: 'Channel {{ $labels.channel }} gave notifications up',
      },
      description: {
        'zh-CN': '检查该通道的配置与日志。',
        en: 'Check the configuration of the channel, and the log.',
      },
    },
    {
      alert: 'Watchdog',
      expr: 'vector(1)',
      severity: 'none',
      summary: { 'zh-CN': '告警链路正常', en: 'The alerting works' },
      description: {
        'zh-CN': '这条告警始终触发;它不再到达就说明告警链路已中断。',
        en: 'This alert always fires. When it stops arriving, the alerting is broken.',
      },
    },
  ],
};
