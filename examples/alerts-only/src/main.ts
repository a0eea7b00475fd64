// The alert channels alone: a Prometheus rule over your own numbers, delivered to DingTalk.
//
// DINGTALK_URL and DINGTALK_SECRET name your robot; without them a local double stands in and judges the
// signature as DingTalk does.
import { createAlerting, loadRules } from '@tidewatch/alerts';
import { dingtalk } from '@tidewatch/alerts/dingtalk';
import { startDingtalkDouble } from '@tidewatch/alerts/testing';

const double = await startDingtalkDouble({ secret: 'SECexample' });
const robot = dingtalk({
  webhookUrl: process.env['DINGTALK_URL'] ?? double.url,
  secret: process.env['DINGTALK_SECRET'] ?? 'SECexample',
});

const rules = loadRules(`
groups:
  - name: classification
    rules:
      - alert: LowAccuracy
        expr: avg_over_time(classification_accuracy[5m]) < 0.85
        annotations:
          summary: 分类准确率下降
          description: 当前准确率 {{ $value | humanizePercentage }}
`);

// Whatever evaluates PromQL: the engine of @tidewatch/promql, a Prometheus server, or, here, a constant.
const query = async (_expr: string, timeMs: number) => [{ labels: { model: 'digits' }, timeMs, value: 0.81 }];

const alerting = await createAlerting({
  rules,
  query,
  route: { receiver: 'on-call', groupWaitMs: 0 },
  receivers: { 'on-call': [robot] },
  locale: 'zh-CN',
});
await alerting.evaluate(Date.now());
for (const { name, state, deliveredTo } of alerting.alerts()) console.log(name, state, deliveredTo);
await alerting.close();
await double.close();
