import { loadRules } from '@tidewatch/alerts';
import { manualClock } from '@tidewatch/core/testing';
import { prometheus } from '@tidewatch/promql';
import { loadAutoscalerConfig, simulatedTarget } from '@tidewatch/scaler';
import { describe, expect, it } from 'vitest';
import { startCatService, type CatService } from './cat-service.ts';

const startMs = Date.UTC(2026, 0, 5, 9);

const rules = loadRules(
  `groups:
  - name: cats
    interval: 1s
    rules:
      - record: cats:accuracy
        expr: classification_accuracy
      - alert: LowAccuracy
        expr: classification_accuracy < 0.85
        labels: { severity: critical }
        annotations: { summary: 'accuracy {{ $value }}' }
`,
  { source: 'alert_rules.yml' },
);

/** Four cats, one of which is a dog; the truth comes a second later. */
async function misjudgeOneOfFour(service: CatService, clock: ReturnType<typeof manualClock>): Promise<void> {
  const truth = { a: 'cat', b: 'cat', c: 'dog', d: 'cat' };
  for (const id of Object.keys(truth)) await service.classify(id);
  await clock.advance(1_000);
  for (const [id, actual] of Object.entries(truth)) await service.label(id, actual);
}

/** Lets collects and rules happen that wait for more than a promise, one step of the clock at a time. */
async function secondsPass(clock: ReturnType<typeof manualClock>, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) await clock.advance(1_000);
}

describe('the preset in an Express app', () => {
  it('answers PromQL about late labels over the Prometheus HTTP API', async () => {
    const clock = manualClock(startMs);
    const service = await startCatService({ clock });
    await misjudgeOneOfFour(service, clock);
    await secondsPass(clock, 2);

    const { resultType, result } = await service.api('query?query=classification_accuracy');
    expect(resultType).toBe('vector');
    expect(result).toMatchObject([
      { metric: { __name__: 'classification_accuracy', model: 'cats', job: 'cats', instance: 'local' } },
    ]);
    expect(result[0].value[1]).toBe('0.75');
    expect(await service.watch.query('classification_accuracy', clock.now())).toMatchObject([
      { value: 0.75 },
    ]);
  });

  it('shows the same figures to a scraper, requests by route included', async () => {
    const clock = manualClock(startMs);
    const service = await startCatService({ clock });
    await misjudgeOneOfFour(service, clock);

    const response = await service.get('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const lines = (await response.text()).split('\n');
    expect(lines).toContain('classification_accuracy{model="cats"} 0.75');
    expect(lines).toContain('http_requests_total{code="200",method="POST",route="/classify"} 4');
  });

  it('serves the page under a strict policy, with its figures', async () => {
    const clock = manualClock(startMs);
    const service = await startCatService({ clock, locale: 'zh-CN' });
    await misjudgeOneOfFour(service, clock);
    await secondsPass(clock, 2);

    const page = await service.get('/monitor'); // fetch follows the redirect
    expect(page.url).toBe(`${service.url}/monitor/`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const data = (await (await service.get('/monitor/data')).json()) as any;
    expect(data.decisions).toEqual({ state: 'not-configured' }); // nothing to scale is not an error
    expect(data.notices[0].text).toEqual({
      en: expect.stringContaining('switched off'),
      'zh-CN': expect.any(String),
    });
    expect(Object.values(data.panels).filter((panel: any) => panel.state === 'error')).toEqual([]);
  });

  it('lists rules and alerts as Prometheus does', async () => {
    const clock = manualClock(startMs);
    const service = await startCatService({ clock, alerting: { rules } });
    await misjudgeOneOfFour(service, clock);
    await secondsPass(clock, 3);

    const { groups } = await service.api('rules');
    expect(groups).toMatchObject([
      {
        name: 'cats',
        file: 'alert_rules.yml',
        interval: 1,
        rules: [
          { type: 'recording', name: 'cats:accuracy', health: 'ok' },
          { type: 'alerting', name: 'LowAccuracy', health: 'ok', state: 'firing', duration: 0 },
        ],
      },
    ]);
    const { alerts } = await service.api('alerts');
    expect(alerts).toEqual([
      {
        labels: expect.objectContaining({ alertname: 'LowAccuracy', severity: 'critical', model: 'cats' }),
        annotations: { summary: 'accuracy 0.75' },
        state: 'firing',
        activeAt: expect.stringMatching(/^2026-01-05T09:00:/),
        value: '7.5e-01',
      },
    ]);
    expect(groups[0].rules[1].alerts).toEqual(alerts);
    // What rules write can be asked for.
    const { result } = await service.api('query?query=cats:accuracy or ALERTS{alertstate="firing"}');
    expect(result).toHaveLength(2);
  });

  it('keeps the series of one rule while others are evaluated more often', async () => {
    const clock = manualClock(startMs);
    const slow = `groups:
  - name: slow
    interval: 1m
    rules: [{ record: cats:minute, expr: vector(1) }]
  - name: fast
    interval: 1s
    rules: [{ record: cats:second, expr: vector(2) }]
`;
    const service = await startCatService({ clock, alerting: { rules: loadRules(slow) } });
    await secondsPass(clock, 5);
    const { result } = await service.api('query?query=cats:minute or cats:second');
    expect(result).toHaveLength(1); // the same labels: `or` keeps the left side
    expect(result).toMatchObject([{ metric: { __name__: 'cats:minute' } }]);
  });

  it('has default rules, shows their alerts and sends them nowhere', async () => {
    const clock = manualClock(startMs);
    const service = await startCatService({ clock });
    await secondsPass(clock, 2);
    expect(service.watch.alerting.alerts()).toMatchObject([
      { name: 'Watchdog', state: 'firing', deliveredTo: [] }, // the one that fires by design
    ]);
    expect((await service.api('query?query=ALERTS')).result).toHaveLength(1);
  });

  it('scales what it is given, and shows the decisions', async () => {
    const clock = manualClock(startMs);
    const config = loadAutoscalerConfig(
      `metrics:
  - { name: labelled, type: external, query: classification_labelled_total, scale_up_threshold: 3, scale_down_threshold: 1 }
scaling: { max_replicas: 2, min_replicas: 1, cooldown: 60 }
`,
    );
    const target = simulatedTarget({ clock });
    const service = await startCatService({ clock, autoscaling: { config, target, intervalMs: 1_000 } });
    await misjudgeOneOfFour(service, clock);
    await secondsPass(clock, 3);

    expect(service.watch.autoscaler?.status().replicas).toMatchObject({ ready: 2 });
    const { decisions } = (await (await service.get('/monitor/data')).json()) as any;
    expect(decisions.items).toContainEqual(expect.objectContaining({ action: 'up', from: 1, to: 2 }));
  });

  it('sets metrics of GPUs aside when it knows that there are none', async () => {
    const clock = manualClock(startMs);
    const config = loadAutoscalerConfig(
      `metrics:
  - { name: gpu, type: external, query: avg(gpu_utilization), scale_up_threshold: 0.8, scale_down_threshold: 0.3 }
  - { name: labelled, type: external, query: classification_labelled_total, scale_up_threshold: 3, scale_down_threshold: 1 }
scaling: { max_replicas: 2, min_replicas: 1, cooldown: 60 }
`,
    );
    const target = simulatedTarget({ clock, initialReplicas: 2 });
    const service = await startCatService({ clock, autoscaling: { config, target, intervalMs: 1_000 } });
    await secondsPass(clock, 3);
    // All that can be known is low: an absent GPU must not hold the replicas for ever.
    expect(service.watch.autoscaler?.status().replicas).toMatchObject({ ready: 1 });
  });
});

describe('another source', () => {
  it('asks a second instance over its HTTP API', async () => {
    const clock = manualClock(startMs);
    const measuring = await startCatService({ clock });
    const watching = await startCatService({
      clock,
      model: 'watcher',
      source: prometheus({ url: measuring.url }),
      alerting: { rules },
    });
    await misjudgeOneOfFour(measuring, clock);
    await secondsPass(clock, 2);

    const about = { model: 'cats', instance: 'local' };
    expect(await watching.watch.query('classification_accuracy', clock.now())).toMatchObject([
      { labels: about, value: 0.75 },
    ]);
    await watching.watch.alerting.evaluate(clock.now());
    expect(watching.watch.alerting.alerts()).toMatchObject([{ name: 'LowAccuracy', labels: about }]);
    const range = { startMs: clock.now(), endMs: clock.now(), stepMs: 1_000 };
    expect(await watching.watch.queryRange('classification_accuracy', range)).toHaveLength(1);
  });

  it('changes nothing while the other instance is away', async () => {
    const clock = manualClock(startMs);
    const service = await startCatService({
      clock,
      source: prometheus({ url: 'http://127.0.0.1:9' }), // the discard port: nobody listens
      alerting: { rules },
    });
    await service.watch.alerting.evaluate(clock.now());
    expect(service.watch.alerting.alerts()).toEqual([]);
    expect(service.watch.alerting.rules().groups[0]?.rules[1]).toMatchObject({ health: 'err' });
    expect((await service.get('/metrics')).status).toBe(200);
  });
});
