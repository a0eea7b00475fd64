import type { InstantQuery } from '@tidewatch/core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createAutoscaler } from '../src/control/create-autoscaler.ts';
import { loadAutoscalerConfig } from '../src/config/load-autoscaler-config.ts';
import { workerPool } from '../src/targets/worker-pool.ts';
import { startLoad } from './keep-alive-load.ts';

it('follows real traffic 1 → 3 → 1 without a failed request', { timeout: 30_000 }, async () => {
  const config = loadAutoscalerConfig(`
metrics:
  - { name: qps, query: "sum(rate(http_requests_total[1m]))", scale_up_threshold: 60, scale_down_threshold: 20 }
scaling: { max_replicas: 3, cooldown: 0.1 }
interval: 0.1
`);
  let port = 0;
  const pool = workerPool({
    script: new URL('replica-fixture.ts', import.meta.url),
    execArgv: ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'],
    env: { WORK_MS: '20' },
    onMessage: (message) => ({ port } = message as { port: number }),
  });
  onTestFinished(() => pool.close());
  await pool.ready();
  await vi.waitFor(() => expect(port).toBeGreaterThan(0));

  const load = startLoad(port, 8);
  // What a store would answer: the rate over the last half second, and nothing before there is one.
  let points: { answered: number; timeMs: number }[] = [];
  const query: InstantQuery = async (_expr, atMs) => {
    points = [...points, { answered: load.answered(), timeMs: atMs }].filter(
      ({ timeMs }) => timeMs >= atMs - 550,
    );
    const [first] = points;
    if (first === undefined || atMs - first.timeMs < 300) return [];
    const value = ((load.answered() - first.answered) * 1000) / (atMs - first.timeMs);
    return [{ labels: {}, timeMs: atMs, value }];
  };
  const autoscaler = createAutoscaler({ config, target: pool, query, locale: 'zh-CN' });
  onTestFinished(() => autoscaler.close());
  autoscaler.start();

  const replicas = (): number | undefined => autoscaler.status().replicas?.ready;
  await vi.waitFor(() => expect(replicas()).toBe(3), 10_000);
  load.slowDown();
  await vi.waitFor(() => expect(replicas()).toBe(1), 15_000);
  const report = await load.stop();

  expect(report.failures).toEqual([]);
  const steps = autoscaler.decisions().filter(({ action }) => action !== 'hold');
  expect(steps.map(({ from, to }) => [from, to])).toEqual([
    [1, 3],
    [3, 2],
    [2, 1],
  ]);
  expect(steps[0]?.sentence['zh-CN']).toMatch(
    /^检测到QPS=[\d.]+ > 阈值60,触发扩容;当前实例数:1 → 新增2个实例$/,
  );
});
