import { expect, it } from 'vitest';
import { manualClock } from '@tidewatch/core/testing';
import { createAlerting } from './create-alerting.ts';
import { collector } from './testing/collector.ts';
import { dingtalk } from './channels/dingtalk.ts';
it('smoke', async () => {
  const clock = manualClock(Date.UTC(2026,10,23,12));
  const c = collector();
  let value = 0.8;
  const bodies: string[] = [];
  const ding = dingtalk({ webhookUrl: 'https://x.example/robot/send?access_token=T', secret: 'SEC', keywords: ['告警'], fetch: async (u, i) => { bodies.push(String(u)+String(i!.body)); return new Response('{"errcode":0}'); }, clock });
  const a = await createAlerting({ clock, locale: 'zh-CN', timeZone: 'Asia/Shanghai', rules: (await import('./rules/load-rules.ts')).loadRules(`groups:
  - name: classification
    rules:
      - alert: LowAccuracy
        expr: avg_over_time(classification_accuracy[5m]) < 0.85
        for: 10m
        labels: { severity: critical }
        annotations: { summary: "分类准确率下降: {{ $value }}" }
`), query: async (expr, at) => expr.endsWith('0.85') ? (value < 0.85 ? [{labels:{model:'digits'},timeMs:at,value}] : []) : [{labels:{model:'digits'},timeMs:at,value}], route: { receiver: 'team', groupWaitMs: 0, groupIntervalMs: 60_000 }, receivers: { team: [c, ding] } });
  a.start();
  await clock.advance(5*60_000);
  console.log(a.alerts());
  await clock.advance(5*60_000);
  console.log(a.alerts(), c.notifications);
  value = 0.95;
  await clock.advance(2*60_000);
  console.log(JSON.stringify(a.alerts()), c.notifications.length, bodies.map(decodeURIComponent), a.explain(a.alerts()[0]!.fingerprint));
  console.log(JSON.stringify(a.rules()));
  await a.close();
});
