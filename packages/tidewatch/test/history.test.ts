import { loadRules, type Outcome } from '@tidewatch/alerts';
import type { Labels } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadAutoscalerConfig, simulatedTarget } from '@tidewatch/scaler';
import { startCatService } from './cat-service.ts';

it('keeps its history over a restart when it has a folder', async () => {
  const dataDir = await newFolder();
  const clock = manualClock(1_700_000_000_000);

  const before = await startCatService({ dataDir, clock });
  before.watch.monitor.record({ predicted: 'cat', actual: 'cat' });
  await clock.advance(1_500);
  const collectedMs = clock.now();
  await before.watch.close();

  await clock.advance(600_000);
  const after = await startCatService({ dataDir, clock });
  const [sample] = await after.watch.query('last_over_time(classification_accuracy[10s])', collectedMs);
  expect(sample?.value).toBe(1);
  expect(await after.watch.query('classification_accuracy', clock.now())).toEqual([]);
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-history-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  return folder;
}

it('keeps silences, and alerts that nobody could be told of, over a restart', async () => {
  const dataDir = await newFolder();
  const clock = manualClock(1_700_000_000_000);
  const told: string[] = [];
  const alerting = (expr: string, isUp: boolean) => ({
    rules: loadRules(`groups: [{ name: g, rules: [{ alert: Low, expr: '${expr}' }] }]\n`),
    metaAlerts: 'off' as const,
    route: { receiver: 'team', groupWaitMs: 0 },
    receivers: {
      team: [
        {
          name: 'robot',
          send: async ({ alerts }: { alerts: readonly { labels: Labels }[] }): Promise<Outcome> => {
            if (!isUp) return { status: 'retryable', detail: 'down' };
            told.push(...alerts.map(({ labels }) => labels['alertname'] ?? ''));
            return { status: 'sent' };
          },
        },
      ],
    },
  });
  const before = await startCatService({ dataDir, clock, alerting: alerting('vector(1)', false) });
  await before.watch.alerting.evaluate(clock.now());
  before.watch.alerting.silence(['pod="a"'], clock.now() + 3_600_000, 'known');
  await before.watch.close();

  await clock.advance(60_000);
  const after = await startCatService({ dataDir, clock, alerting: alerting('vector(1) > 2', true) });
  expect(after.watch.alerting.silences()).toMatchObject([{ comment: 'known' }]);
  await after.watch.alerting.evaluate(clock.now());
  expect(told).toContain('Low');
});

it('keeps what the autoscaler has done and learned over a restart', async () => {
  const dataDir = await newFolder();
  const clock = manualClock(1_700_000_000_000);
  const config = (query: string) =>
    loadAutoscalerConfig(`metrics: [{ name: m, query: '${query}', scale_up_threshold: 3, scale_down_threshold: 1 }]
scaling: { max_replicas: 5, cooldown: 600 }
`);
  const target = simulatedTarget({ clock });
  const before = await startCatService({
    dataDir,
    clock,
    autoscaling: { config: config('vector(9)'), target },
  });
  await before.watch.autoscaler?.tick();
  await before.watch.close();

  await clock.advance(60_000);
  const after = await startCatService({
    dataDir,
    clock,
    autoscaling: { config: config('vector(0)'), target },
  });
  const record = await after.watch.autoscaler?.tick();
  expect(record).toMatchObject({ action: 'hold', reason: 'cooldown' });
  expect(record?.cooldownRemainingMs.down).toBe(540_000); // counted from before the restart
  expect(after.watch.autoscaler?.decisions()[0]).toMatchObject({ action: 'up' });
});

it('asks its source for the past of the rate when a latency is to be kept', async () => {
  const clock = manualClock(1_700_000_000_000);
  const asked: string[] = [];
  const source = {
    query: async (_: string, timeMs: number) => [{ labels: {}, timeMs, value: 10 }],
    queryRange: async (expr: string, { stepMs }: { stepMs: number }) => {
      asked.push(`${expr} every ${stepMs}`);
      return [];
    },
  };
  const config = loadAutoscalerConfig(`metrics:
  - { name: qps, query: rate_of_requests, scale_up_threshold: 100, scale_down_threshold: 30, per: replica }
scaling: { max_replicas: 5 }
slo: { max_latency: 500, latency_query: mean_latency }
`);
  const service = await startCatService({
    clock,
    source,
    autoscaling: { config, target: simulatedTarget({ clock }) },
  });
  await service.watch.autoscaler?.tick();
  expect(new Set(asked)).toEqual(new Set(['rate_of_requests every 60000']));
  expect(service.watch.autoscaler?.status().lastDecision).toMatchObject({
    plan: { needed: expect.any(Number) },
  });
});

it('takes parts of the caller in the place of its own', async () => {
  const clock = manualClock(1_700_000_000_000);
  const dataDir = await newFolder();
  const saved: string[] = [];
  const stateStore = {
    load: async () => undefined,
    save: async (text: string) => void saved.push(text),
  };
  const config = loadAutoscalerConfig(
    'metrics: [{ name: m, query: vector(2), scale_up_threshold: 3, scale_down_threshold: 1 }]\nscaling: { max_replicas: 5 }\n',
  );
  const dir = await newFolder();
  const service = await startCatService({
    clock,
    dataDir,
    alerting: { store: { dir } },
    autoscaling: { config, target: simulatedTarget({ clock }), stateStore },
  });
  await service.watch.autoscaler?.tick();
  expect(saved).not.toEqual([]);
  expect(await readdir(dir)).not.toEqual([]);
  expect(await readdir(dataDir)).not.toEqual(expect.arrayContaining(['alerts', 'autoscaler']));
});

it('gives its folder back when it could not be started', async () => {
  const dataDir = await newFolder();
  const failed = startCatService({ dataDir, gpu: { source: 'nvlm' as never } });
  await expect(failed).rejects.toThrow('did you mean "nvml"?');
  await startCatService({ dataDir });
});
