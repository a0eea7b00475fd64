import type { Locale } from '@tidewatch/core';

/** A text in every language. */
type Texts = Readonly<Record<Locale, string>>;

/** A rule whose texts exist in every language. */
export interface DefaultRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly severity: 'critical' | 'warning' | 'none';
  /** What happened, with the present value. */
  readonly summary: Texts;
  /** What it means, with the threshold. */
  readonly description: Texts;
  /** What to try. */
  readonly action: Texts;
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
        'zh-CN': '模型 {{ $labels.model }} 的准确率比基线低 {{ $value | humanizePercentage }}',
        en: 'Accuracy of model {{ $labels.model }} is {{ $value | humanizePercentage }} below its baseline',
      },
      description: {
        'zh-CN': '准确率相对基线的降幅应不超过 5%。',
        en: 'It should stay within 5 % of the baseline, relative to it.',
      },
      action: {
        'zh-CN': '检查输入数据是否变化、最近是否发布过新版本;必要时回滚模型。',
        en: 'Look for a change of the input and for a new release; roll the model back if needed.',
      },
    },
    {
      alert: 'ClassificationLabelsMissing',
      expr: 'classification_label_coverage < 0.1',
      for: '30m',
      severity: 'warning',
      summary: {
        'zh-CN': '模型 {{ $labels.model }} 的标注覆盖率为 {{ $value | humanizePercentage }}',
        en: 'Label coverage of model {{ $labels.model }} is {{ $value | humanizePercentage }}',
      },
      description: {
        'zh-CN': '低于 10% 时准确率不再可信。',
        en: 'Below 10 % the accuracy is not to be trusted.',
      },
      action: {
        'zh-CN': '检查真实标签的回传链路。',
        en: 'Check the way on which true labels come back.',
      },
    },
    {
      alert: 'ClassificationDriftDetected',
      expr: 'classification_drift_detected > 0',
      for: '5m',
      severity: 'warning',
      summary: {
        'zh-CN': '模型 {{ $labels.model }} 出现漂移({{ $labels.detector }})',
        en: 'Model {{ $labels.model }} drifts ({{ $labels.detector }})',
      },
      description: {
        'zh-CN': '数据或预测的分布与参考时段相比发生了变化,准确率可能随之下降。',
        en: 'The distribution differs from that of the reference, and the accuracy may follow.',
      },
      action: {
        'zh-CN': '对比近期输入与训练数据;确认变化真实存在后再重新训练。',
        en: 'Compare recent input with the training data; retrain once the change is known to be real.',
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
        'zh-CN': '阈值为 80%,持续 5 分钟。',
        en: 'The threshold is 80 % for 5 minutes.',
      },
      action: {
        'zh-CN': '扩容,或增大批大小;确认没有其他任务占用这块 GPU。',
        en: 'Scale up or batch more; see that nothing else uses this GPU.',
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
        'zh-CN': '模型 {{ $labels.model }} 的 P99 延迟为 {{ $value | humanizeDuration }}',
        en: 'P99 latency of model {{ $labels.model }} is {{ $value | humanizeDuration }}',
      },
      description: { 'zh-CN': '阈值为 500 毫秒。', en: 'The threshold is 500 ms.' },
      action: {
        'zh-CN': '查看排队长度与扩缩容决策;检查下游依赖。',
        en: 'Look at the queue and at the decisions of the scaling; check what the service depends on.',
      },
    },
    {
      alert: 'ClassificationErrorsHigh',
      expr: 'sum by (model) (rate(classification_errors_total[5m])) / sum by (model) (rate(classification_request_duration_seconds_count[5m])) > 0.01',
      for: '5m',
      severity: 'critical',
      summary: {
        'zh-CN': '模型 {{ $labels.model }} 的错误率为 {{ $value | humanizePercentage }}',
        en: 'The error ratio of model {{ $labels.model }} is {{ $value | humanizePercentage }}',
      },
      description: { 'zh-CN': '阈值为 1%。', en: 'The threshold is 1 %.' },
      action: {
        'zh-CN': '按 reason 查看 classification_errors_total,并查看服务日志。',
        en: 'See classification_errors_total by its reason, and the log of the service.',
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
        'zh-CN': '空闲实例超过 2 个,持续 10 分钟,就是浪费。',
        en: 'More than 2 for 10 minutes are waste.',
      },
      action: {
        'zh-CN': '降低 min_replicas,或缩短缩容的冷却时间。',
        en: 'Lower min_replicas, or shorten the cooldown of scaling down.',
      },
    },
  ],
  alerting: [
    {
      alert: 'RuleEvaluationsFailing',
      expr: 'increase(alerts_evaluation_failures_total[5m]) > 0',
      for: '5m',
      severity: 'critical',
      summary: {
        'zh-CN': '规则 {{ $labels.rule }} 无法求值',
        en: 'Rule {{ $labels.rule }} cannot be evaluated',
      },
      description: {
        'zh-CN': '求值失败期间,该规则的告警保持原状:既不会触发,也不会恢复。',
        en: 'Its alerts stay as they are meanwhile: none fires, and none is resolved.',
      },
      action: {
        'zh-CN': '用 tidewatch alerts check 检查规则文件,并确认数据源可达。',
        en: 'Check the file with `tidewatch alerts check`, and that the source of the data can be reached.',
      },
    },
    {
      alert: 'NotificationsLost',
      expr: 'increase(alerts_notifications_lost_total[15m]) > 0',
      severity: 'critical',
      summary: {
        'zh-CN': '通道 {{ $labels.channel }} 有告警消息未能送达',
        en: 'Channel {{ $labels.channel }} gave notifications up',
      },
      description: {
        'zh-CN': '重试到期仍未被接受,或最简内容也被拒绝。',
        en: 'They became too old, or were refused in their plainest form.',
      },
      action: {
        'zh-CN': '用 tidewatch alerts verify 检查该通道,并查看日志。',
        en: 'Check the channel with `tidewatch alerts verify`, and the log.',
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
      action: {
        'zh-CN': '无需处理;请把它路由到一个在它消失时发出提醒的服务。',
        en: 'Nothing. Route it to a service that misses it when it stops.',
      },
    },
  ],
};
