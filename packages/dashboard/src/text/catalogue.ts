import type { Locale } from '@tidewatch/core';

/** One text in every language the product speaks. */
export type LocalText = Readonly<Record<Locale, string>>;

/** Every text that a person reads. `{name}` is filled in by {@link fill}; `{{label}}` by a series' labels. */
const entries = {
  'section.overview': { 'zh-CN': '概览', en: 'Overview' },
  'section.quality': { 'zh-CN': '分类性能', en: 'Classification' },
  'section.service': { 'zh-CN': '服务质量', en: 'Service' },
  'section.system': { 'zh-CN': '系统负载', en: 'System load' },
  'section.scaling': { 'zh-CN': '弹性伸缩', en: 'Scaling' },
  'section.alerts': { 'zh-CN': '告警', en: 'Alerts' },
  'section.cost': { 'zh-CN': '资源成本', en: 'Cost' },

  accuracy: { 'zh-CN': '准确率', en: 'Accuracy' },
  'accuracy.help': {
    'zh-CN': '窗口内已标注预测中答对的比例。有多个模型时取最低的一个。',
    en: 'Share of labelled predictions in the window that were right. The lowest, where there are several models.',
  },
  'macro-f1': { 'zh-CN': '宏平均 F1', en: 'Macro F1' },
  'macro-f1.help': {
    'zh-CN': '各类别 F1 的平均值，小类别与大类别同等重要。有多个模型时取最低的一个。',
    en: 'Mean of the F1 of all classes: a rare class counts as much as a common one. The lowest, where there are several models.',
  },
  'baseline-drop': { 'zh-CN': '较基线下降', en: 'Drop from baseline' },
  'baseline-drop.help': {
    'zh-CN': '1 − 准确率 ÷ 基线准确率。负数表示好于基线。',
    en: '1 − accuracy ÷ baseline accuracy. Negative means better than the baseline.',
  },
  drift: { 'zh-CN': '漂移告警', en: 'Drift alarms' },
  'drift.help': {
    'zh-CN': '正在报警的漂移检测器个数，针对错误、预测类别与置信度。',
    en: 'Detectors that alarm now, of errors, of predicted classes and of confidences.',
  },
  'label-coverage': { 'zh-CN': '标注覆盖率', en: 'Label coverage' },
  'label-coverage.help': {
    'zh-CN': '已收到真实标签的预测占比。覆盖率低时，准确率只说明了一小部分流量。',
    en: 'Share of predictions whose true label has arrived. Where it is low, accuracy speaks for little of the traffic.',
  },
  'pending-labels': { 'zh-CN': '待标注', en: 'Awaiting labels' },
  'pending-labels.help': {
    'zh-CN': '仍在等待真实标签的预测数。',
    en: 'Predictions still waiting for their true label.',
  },
  'labelled-samples': { 'zh-CN': '标注样本', en: 'Labelled samples' },
  'labelled-samples.help': {
    'zh-CN': '所选时间范围内到达的真实标签数，质量指标以此为依据。',
    en: 'True labels that arrived in the chosen range: what the quality figures rest on.',
  },
  'quality-history': { 'zh-CN': '准确率与 F1', en: 'Accuracy and F1' },
  'quality-history.help': {
    'zh-CN': '滑动窗口内的准确率与宏平均 F1，虚线为阈值。',
    en: 'Accuracy and macro F1 over a sliding window. The dashed line is the threshold.',
  },
  'predicted-classes': { 'zh-CN': '各类别预测速率', en: 'Predictions by class' },
  'predicted-classes.help': {
    'zh-CN': '每秒给出的各类别预测数。分布突变往往早于准确率下降。',
    en: 'Predictions of each class a second. The mix often shifts before accuracy falls.',
  },
  confusion: { 'zh-CN': '混淆矩阵', en: 'Confusion matrix' },
  'confusion.help': {
    'zh-CN': '行为真实类别，列为预测类别。对角线为正确，其余为混淆；数字由计数器外推，取整显示。',
    en: 'Rows are the true class, columns the predicted one. The diagonal is right, the rest is confusion. Extrapolated from counters and rounded.',
  },

  p99: { 'zh-CN': '时延 P99', en: 'Latency P99' },
  'p99.help': {
    'zh-CN': '99% 的请求在此时间内完成。',
    en: '99 % of requests are answered within this time.',
  },
  throughput: { 'zh-CN': '吞吐量', en: 'Throughput' },
  'throughput.help': { 'zh-CN': '每秒完成的预测数。', en: 'Predictions a second.' },
  'latency-history': { 'zh-CN': '请求时延', en: 'Request latency' },
  'latency-history.help': {
    'zh-CN': '由直方图估算的分位数，虚线为阈值。',
    en: 'Quantiles estimated from the histogram. The dashed line is the threshold.',
  },
  'traffic-history': { 'zh-CN': '流量', en: 'Traffic' },
  'traffic-history.help': {
    'zh-CN': '每秒预测数与每秒 HTTP 请求数。',
    en: 'Predictions and HTTP requests a second.',
  },
  'responses-by-code': { 'zh-CN': '按状态码的响应', en: 'Responses by status code' },
  'responses-by-code.help': {
    'zh-CN': '每秒响应数，按 HTTP 状态码区分。',
    en: 'Responses a second by HTTP status code.',
  },

  gpu: { 'zh-CN': 'GPU 利用率', en: 'GPU utilisation' },
  'gpu.help': { 'zh-CN': '所有 GPU 的平均利用率。', en: 'Mean utilisation of all GPUs.' },
  host: { 'zh-CN': '主机 CPU', en: 'Host CPU' },
  'host.help': { 'zh-CN': '主机所有核的平均利用率。', en: 'Mean utilisation of all cores of the host.' },
  'gpu-history': { 'zh-CN': '各 GPU 利用率', en: 'Utilisation by GPU' },
  'gpu-history.help': {
    'zh-CN': '各 GPU 忙碌时间占比，虚线为阈值。',
    en: 'Share of time each GPU was busy. The dashed line is the threshold.',
  },
  'gpu-memory': { 'zh-CN': '显存使用率', en: 'GPU memory' },
  'gpu-memory.help': { 'zh-CN': '已用显存占总显存之比。', en: 'Memory used as a share of all memory.' },
  'host-history': { 'zh-CN': '主机负载', en: 'Host load' },
  'host-history.help': { 'zh-CN': 'CPU 利用率与内存使用率。', en: 'CPU utilisation and memory used.' },

  replicas: { 'zh-CN': '实例数', en: 'Replicas' },
  'replicas.help': { 'zh-CN': '可以接收请求的实例数。', en: 'Replicas ready to serve.' },
  'idle-replicas': { 'zh-CN': '空闲实例', en: 'Idle replicas' },
  'idle-replicas.help': { 'zh-CN': '没有请求可处理的实例数。', en: 'Replicas without work.' },
  'cooldown-up': { 'zh-CN': '扩容冷却剩余', en: 'Scale-up cooldown' },
  'cooldown-down': { 'zh-CN': '缩容冷却剩余', en: 'Scale-down cooldown' },
  'cooldown.help': {
    'zh-CN': '下一次该方向的伸缩之前还需等待的时间。',
    en: 'Time until the next change in this direction is allowed.',
  },
  'replica-history': { 'zh-CN': '期望、就绪与空闲', en: 'Desired, ready and idle' },
  'replica-history.help': {
    'zh-CN': '期望数与就绪数之差是正在启动或正在退出的实例。',
    en: 'Desired less ready is what is starting or draining.',
  },
  pressure: { 'zh-CN': '触发指标 ÷ 扩容阈值', en: 'Metric ÷ scale-up threshold' },
  'pressure.help': {
    'zh-CN': '任何一项超过 1 即触发扩容。',
    en: 'Any line above 1 asks for more replicas.',
  },
  'decision-counts': { 'zh-CN': '决策次数', en: 'Decisions by reason' },
  'decision-counts.help': {
    'zh-CN': '所选时间范围内的伸缩决策，按方向与原因统计。',
    en: 'Scaling decisions in the chosen range by direction and reason.',
  },

  'alert-history': { 'zh-CN': '告警时间线', en: 'Alert timeline' },
  'alert-history.help': {
    'zh-CN': '各告警待触发与告警中的时段。',
    en: 'When each alert was pending and when it was firing.',
  },
  notifications: { 'zh-CN': '通知发送', en: 'Notifications' },
  'notifications.help': {
    'zh-CN': '所选时间范围内各渠道的发送结果。',
    en: 'What became of the notifications of each channel in the chosen range.',
  },

  'replica-hours': { 'zh-CN': '运行时长', en: 'Replica hours' },
  'replica-hours.help': {
    'zh-CN': '所选时间范围内全部实例运行时间之和。',
    en: 'Running time of all replicas in the chosen range, added up.',
  },
  savings: { 'zh-CN': '节省比例', en: 'Savings' },
  'savings.help': {
    'zh-CN': '1 − 实际成本 ÷ 固定实例基线成本。可以为负。',
    en: '1 − cost ÷ cost of the fixed baseline. May be negative.',
  },

  'legend.accuracy': { 'zh-CN': '准确率 {{model}}', en: 'Accuracy {{model}}' },
  'legend.macro-f1': { 'zh-CN': '宏平均 F1 {{model}}', en: 'Macro F1 {{model}}' },
  'legend.baseline': { 'zh-CN': '基线 {{model}}', en: 'Baseline {{model}}' },
  'legend.estimated': { 'zh-CN': '估计准确率 {{model}}', en: 'Estimated accuracy {{model}}' },
  'legend.predicted': { 'zh-CN': '{{predicted}}', en: '{{predicted}}' },
  'legend.predictions': { 'zh-CN': '预测', en: 'Predictions' },
  'legend.requests': { 'zh-CN': 'HTTP 请求', en: 'HTTP requests' },
  'legend.code': { 'zh-CN': '{{code}}', en: '{{code}}' },
  'legend.p50': { 'zh-CN': 'P50', en: 'P50' },
  'legend.p95': { 'zh-CN': 'P95', en: 'P95' },
  'legend.p99': { 'zh-CN': 'P99', en: 'P99' },
  'legend.gpu': { 'zh-CN': '{{instance}} GPU {{gpu}}', en: '{{instance}} GPU {{gpu}}' },
  'legend.cpu': { 'zh-CN': 'CPU', en: 'CPU' },
  'legend.memory': { 'zh-CN': '内存', en: 'Memory' },
  'legend.desired': { 'zh-CN': '期望', en: 'Desired' },
  'legend.ready': { 'zh-CN': '就绪', en: 'Ready' },
  'legend.idle': { 'zh-CN': '空闲', en: 'Idle' },
  'legend.metric': { 'zh-CN': '{{metric}}', en: '{{metric}}' },
  'legend.alert': { 'zh-CN': '{{alertname}}', en: '{{alertname}}' },
  'legend.count': { 'zh-CN': '次数', en: 'Count' },

  'matrix.axes': { 'zh-CN': '行：{down} · 列：{across}', en: 'Rows: {down} · columns: {across}' },
  'column.actual': { 'zh-CN': '真实类别', en: 'Actual' },
  'column.predicted': { 'zh-CN': '预测类别', en: 'Predicted' },
  'column.direction': { 'zh-CN': '方向', en: 'Direction' },
  'column.reason': { 'zh-CN': '原因', en: 'Reason' },
  'column.channel': { 'zh-CN': '渠道', en: 'Channel' },
  'column.outcome': { 'zh-CN': '结果', en: 'Outcome' },
  'column.value': { 'zh-CN': '数量', en: 'Count' },

  'empty.not-configured': { 'zh-CN': '未启用', en: 'Not set up' },
  'empty.not-configured.next': {
    'zh-CN': '没有部件在提供这项数据；接入对应的包后会出现在这里。',
    en: 'No part supplies this figure yet. It appears once the matching package is connected.',
  },
  'empty.no-traffic': { 'zh-CN': '暂无流量', en: 'No traffic yet' },
  'empty.no-traffic.next': {
    'zh-CN': '还没有记录到预测；发送第一个请求试试。',
    en: 'No prediction has been recorded in this range. Send a first request.',
  },
  'empty.no-labels': { 'zh-CN': '暂无标签', en: 'No labels yet' },
  'empty.no-labels.next': {
    'zh-CN': '有预测，但还没有收到真实标签；调用 label() 或上报标签。',
    en: 'Predictions arrive but no true label has. Report labels with label().',
  },
  'empty.too-few-labels': { 'zh-CN': '标签不足', en: 'Not enough labels' },
  'empty.too-few-labels.next': {
    'zh-CN': '目前共收到 {count} 个标签，还不足以计算可信的数值。',
    en: '{count} labels so far: too few in the window for a figure one could trust.',
  },
  'empty.no-gpu': { 'zh-CN': '没有 GPU 数据', en: 'No GPU readings' },
  'empty.no-gpu.next': {
    'zh-CN': '本机没有可读取的 GPU，或 GPU 监控未启用；请看主机负载。',
    en: 'No GPU can be read here, or GPU monitoring is not on. See the host load.',
  },
  'empty.no-price': { 'zh-CN': '未设置价格', en: 'No price set' },
  'empty.no-price.next': {
    'zh-CN': '在伸缩配置中填写实例单价和基线后显示。',
    en: 'Give the scaler a price per replica and a baseline to compare with.',
  },
  'empty.no-alerts': { 'zh-CN': '没有告警', en: 'No alerts' },
  'empty.no-alerts.next': {
    'zh-CN': '所选时间范围内没有规则被触发。',
    en: 'No rule has triggered in the chosen range.',
  },
  'empty.query-error': { 'zh-CN': '查询失败', en: 'Query failed' },
  'empty.query-error.next': {
    'zh-CN': '数据源没有给出答案，所以这里没有数值；详情见服务日志。',
    en: 'The data source gave no answer, so no figure is shown. The service log says why.',
  },
  'empty.stale': { 'zh-CN': '数据已过期', en: 'Data is stale' },
  'empty.stale.next': {
    'zh-CN': '{seconds} 秒没有新数据；正在重试。',
    en: 'Nothing new for {seconds} s. Trying again.',
  },

  'verdict.firing': { 'zh-CN': '{count} 项告警中：{names}', en: '{count} firing: {names}' },
  'verdict.queries-failing': {
    'zh-CN': '查询失败，看不到指标，无法下结论',
    en: 'Queries are failing: without figures there is no verdict',
  },
  'verdict.pending': { 'zh-CN': '{count} 项告警待触发：{names}', en: '{count} pending: {names}' },
  'verdict.over-threshold': { 'zh-CN': '越过阈值：{facts}', en: 'Past a threshold: {facts}' },
  'verdict.no-traffic': {
    'zh-CN': '还没有流量，等待第一个预测',
    en: 'No traffic yet: waiting for the first prediction',
  },
  'verdict.all-well': { 'zh-CN': '一切正常：{facts}', en: 'All well: {facts}' },
  'verdict.loading': { 'zh-CN': '正在读取……', en: 'Reading …' },
  'verdict.fact': { 'zh-CN': '{name} {value}', en: '{name} {value}' },
  'verdict.crossed-above': { 'zh-CN': '{name} {value}，高于 {limit}', en: '{name} {value}, above {limit}' },
  'verdict.crossed-below': { 'zh-CN': '{name} {value}，低于 {limit}', en: '{name} {value}, below {limit}' },
  'verdict.two-sentences': { 'zh-CN': '{first}。{second}', en: '{first}. {second}' },
  'list.separator': { 'zh-CN': '、', en: ', ' },
  'fact.separator': { 'zh-CN': '；', en: '; ' },

  'page.title': { 'zh-CN': '分类服务监控', en: 'Classifier watch' },
  'page.range': { 'zh-CN': '时间范围', en: 'Time range' },
  'page.theme': { 'zh-CN': '切换深浅色', en: 'Switch dark and light' },
  'page.language': { 'zh-CN': 'English', en: '中文' },
  'page.sections': { 'zh-CN': '分区', en: 'Sections' },
  'page.live': { 'zh-CN': '实时', en: 'Live' },
  'page.paused': { 'zh-CN': '已暂停', en: 'Paused' },
  'page.stale': { 'zh-CN': '{seconds} 秒前的数据', en: '{seconds} s old' },
  'page.limit-above': { 'zh-CN': '阈值 > {limit}', en: 'limit > {limit}' },
  'page.limit-below': { 'zh-CN': '阈值 < {limit}', en: 'limit < {limit}' },
  'page.dropped': { 'zh-CN': '另有 {count} 个序列未显示', en: '{count} more series not shown' },
  'page.summary': { 'zh-CN': '{title}，最新：{facts}', en: '{title}, latest: {facts}' },
  'page.no-value': { 'zh-CN': '无数值', en: 'no value' },
  'page.query': { 'zh-CN': 'PromQL 查询语句：', en: 'PromQL:' },
  'page.missing-bundle': {
    'zh-CN': '页面文件尚未构建。请运行 npm run build，然后刷新。',
    en: 'The page has not been built. Run npm run build, then reload.',
  },

  'decisions.title': { 'zh-CN': '伸缩决策', en: 'Scaling decisions' },
  'decisions.none': { 'zh-CN': '还没有决策。', en: 'No decision yet.' },
  'decisions.holds': { 'zh-CN': '{count} 次保持不变', en: '{count} × no change' },
  'decisions.up': { 'zh-CN': '扩容', en: 'Up' },
  'decisions.down': { 'zh-CN': '缩容', en: 'Down' },
  'decisions.hold': { 'zh-CN': '保持', en: 'Hold' },

  'alerts.title': { 'zh-CN': '告警列表', en: 'Alerts' },
  'alerts.none': { 'zh-CN': '没有告警。', en: 'No alerts.' },
  'alerts.firing': { 'zh-CN': '告警中', en: 'Firing' },
  'alerts.pending': { 'zh-CN': '待触发', en: 'Pending' },
  'alerts.resolved': { 'zh-CN': '已恢复', en: 'Resolved' },
  'alerts.value': { 'zh-CN': '当前值 {value}', en: 'value {value}' },
  'alerts.since': { 'zh-CN': '始于 {time}', en: 'since {time}' },
  'alerts.until': { 'zh-CN': '恢复于 {time}', en: 'resolved {time}' },
  'alerts.delivered': { 'zh-CN': '已通知 {channels}', en: 'notified {channels}' },
  'alerts.undelivered': { 'zh-CN': '尚未通知', en: 'nobody notified yet' },
} as const;

/** Names of the texts in the catalogue. */
export type TextKey = keyof typeof entries;

/** All keys, for tests and translators. */
export const textKeys: readonly TextKey[] = Object.keys(entries) as TextKey[];

/** One text of the catalogue in all languages. */
export function text(key: TextKey): LocalText {
  return entries[key];
}

/** Puts values into the `{name}` places of a text. A place without a value stays as it is. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (place, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : place,
  );
}
