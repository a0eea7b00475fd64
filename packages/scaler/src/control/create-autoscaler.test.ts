import { ConfigError, type InstantQuery, type Logger } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadAutoscalerConfig } from '../config/load-autoscaler-config.ts';
import type { ReplicaState, ScaleTarget } from '../targets/scale-target.ts';
import { simulatedTarget } from '../targets/simulated.ts';
import { createAutoscaler, type AutoscalerOptions } from './create-autoscaler.ts';
import { scalerMetrics } from './scaler-metrics.ts';

const config = loadAutoscalerConfig(
  fileURLToPath(new URL('../../test/fixtures/article-config.yaml', import.meta.url)),
);

/** A logger that keeps its sentences. */
function recorder(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const keep = (_fields: object, message: string): void => {
    lines.push(message);
  };
  return { logger: { debug: () => {}, info: keep, warn: keep, error: keep }, lines };
}

/** Answers the article's two queries; `undefined` is an empty vector. */
function loadOf(load: { qps: number | undefined; gpu?: number | undefined }): InstantQuery {
  return async (expr, atMs) => {
    const value = expr.includes('gpu_utilization') ? load.gpu : load.qps;
    return value === undefined ? [] : [{ labels: {}, timeMs: atMs, value }];
  };
}

function setUp(
  load: { qps: number | undefined; gpu?: number | undefined },
  more: Partial<AutoscalerOptions> = {},
) {
  const clock = manualClock(1_700_000_000_000);
  const { logger, lines } = recorder();
  const target = simulatedTarget({ startupMs: 1000, clock });
  const query = loadOf(load);
  const autoscaler = createAutoscaler({ config, target, query, clock, logger, locale: 'zh-CN', ...more });
  onTestFinished(() => autoscaler.close());
  return { clock, lines, target, autoscaler };
}

describe('the lines of the log', () => {
  it('are the article’s, word for word', async () => {
    const load = { qps: 132, gpu: 0.5 };
    const { clock, lines, autoscaler } = setUp(load);
    const ticking = autoscaler.tick();
    await clock.advance(1000);
    await ticking;
    expect(lines).toEqual([
      '[Autoscaler] 检测到QPS=132 > 阈值100,触发扩容',
      '[Autoscaler] 当前实例数:1 → 新增2个实例',
      '[Autoscaler] 扩容完成,当前实例数:3',
    ]);
  });

  it('say the same in English, and of a step down', async () => {
    const load = { qps: 132, gpu: 0.1 };
    const { clock, lines, autoscaler } = setUp(load, { locale: 'en' });
    const ticking = autoscaler.tick();
    await clock.advance(1000);
    await ticking;
    load.qps = 60;
    await clock.advance(300_000);
    const record = await autoscaler.tick();
    expect(lines).toEqual([
      '[Autoscaler] QPS=132 > threshold 100, scaling up',
      '[Autoscaler] Replicas: 1 → adding 2',
      '[Autoscaler] Scale-up complete, replicas: 3',
      '[Autoscaler] QPS=20 < threshold 30, gpu_utilization=0.1 < threshold 0.3: all below, scaling down',
      '[Autoscaler] Replicas: 3 → removing 1',
      '[Autoscaler] Scale-down complete, replicas: 2',
    ]);
    expect(record?.sentence['zh-CN']).toBe(
      '检测到QPS=20 < 阈值30、gpu_utilization=0.1 < 阈值0.3,全部低于缩容阈值,触发缩容;当前实例数:3 → 减少1个实例',
    );
  });

  it('say a hold once, not every 15 seconds', async () => {
    const { clock, lines, autoscaler } = setUp({ qps: 50, gpu: 0.5 });
    autoscaler.start();
    await clock.advance(60_000);
    expect(autoscaler.decisions()).toHaveLength(5);
    expect(lines).toEqual(['[Autoscaler] 保持1个实例:指标在阈值之内(QPS=50, gpu_utilization=0.5)']);
  });
});

describe('the cooldown', () => {
  it('is counted from the completed step, not from its decision', async () => {
    const load = { qps: 132, gpu: 0.1 };
    const { clock, autoscaler } = setUp(load);
    const ticking = autoscaler.tick();
    await clock.advance(1000); // the step takes a second
    await ticking;
    load.qps = 6;
    await clock.advance(299_999);
    expect(await autoscaler.tick()).toMatchObject({ action: 'hold', reason: 'cooldown' });
    await clock.advance(1);
    expect(await autoscaler.tick()).toMatchObject({ action: 'down', to: 2 });
  });

  it('is not started by a step that failed', async () => {
    const load = { qps: 6, gpu: 0.1 };
    const inner = simulatedTarget({ initialReplicas: 3 });
    const target: ScaleTarget = {
      ...inner,
      scaleTo: vi
        .fn<ScaleTarget['scaleTo']>((...args) => inner.scaleTo(...args))
        .mockRejectedValueOnce(new Error('no room')),
    };
    const { lines, autoscaler } = setUp(load, { target });
    await autoscaler.tick();
    expect(autoscaler.status()).toMatchObject({ lastError: { stage: 'scale', message: 'no room' } });
    expect(lines.at(-1)).toBe('[Autoscaler] 调整到2个实例失败,下一轮重试');
    expect(await autoscaler.tick()).toMatchObject({ action: 'down', to: 2 });
    expect((await inner.observe(new AbortController().signal)).ready).toBe(2);
  });
});

describe('a series that is known not to exist here', () => {
  it('has no say, and its reason stands in every decision', async () => {
    const unavailable = { gpu_utilization: 'no GPU on this machine' };
    const target = simulatedTarget({ initialReplicas: 3 });
    const { autoscaler } = setUp({ qps: 6 }, { unavailable, target });
    const record = await autoscaler.tick();
    expect(record).toMatchObject({ action: 'down', to: 2 });
    expect(record?.inputs[1]).toMatchObject({ verdict: 'set-aside', detail: 'no GPU on this machine' });
  });

  it('is unknown, and forbids a step down, without that knowledge', async () => {
    const target = simulatedTarget({ initialReplicas: 3 });
    const { autoscaler } = setUp({ qps: 6 }, { target });
    expect(await autoscaler.tick()).toMatchObject({ action: 'hold', reason: 'metric-unknown' });
  });
});

describe('the loop', () => {
  it('goes on after a target that cannot be observed and a query that fails', async () => {
    const inner = simulatedTarget();
    const observe = vi
      .fn<ScaleTarget['observe']>((signal) => inner.observe(signal))
      .mockRejectedValueOnce(new Error('socket closed'));
    const query = vi.fn(loadOf({ qps: 132, gpu: 0.1 })).mockRejectedValueOnce(new Error('store closed'));
    const { clock, autoscaler } = setUp({ qps: 0 }, { target: { ...inner, observe }, query });
    autoscaler.start();
    await clock.advance(30_000);
    // The first tick saw no replicas, the second no QPS, the third both.
    expect(autoscaler.decisions().map(({ reason }) => reason)).toEqual(['metric-unknown', 'above-threshold']);
  });

  it.for([Number.NaN, -1, 1.5])(
    'takes no step from %d replicas: a target that lies is not obeyed',
    async (desired) => {
      const inner = simulatedTarget();
      const observe = async (): Promise<ReplicaState> => ({ desired, ready: 1, starting: 0, draining: 0 });
      const { autoscaler } = setUp({ qps: 132, gpu: 0.1 }, { target: { ...inner, observe } });
      expect(await autoscaler.tick()).toBeUndefined();
      expect(autoscaler.status()).toMatchObject({ lastError: { stage: 'observe' } });
    },
  );

  it('lets a rescue overtake a drain that takes its time', async () => {
    const replicas = { desired: 3, ready: 3, starting: 0, draining: 0 };
    let drained = (): void => {};
    const target: ScaleTarget = {
      observe: async (): Promise<ReplicaState> => replicas,
      async scaleTo(count) {
        const isDown = count < replicas.desired;
        Object.assign(replicas, { desired: count, ready: count });
        if (isDown) await new Promise<void>((resolve) => (drained = resolve));
      },
    };
    const load = { qps: 6, gpu: 0.1 };
    const { clock, lines, autoscaler } = setUp(load, { target });
    autoscaler.start();
    await clock.advance(1000);
    expect(autoscaler.status()).toMatchObject({ scalingTo: 2 });
    load.qps = 900;
    await clock.advance(15_000);
    expect(replicas.desired).toBe(4);
    drained();
    await clock.advance(0);
    expect(lines).not.toContain('[Autoscaler] 缩容完成,当前实例数:2');
  });

  it('never runs two ticks at once', async () => {
    const { autoscaler } = setUp({ qps: 50, gpu: 0.5 });
    const [a, b] = await Promise.all([autoscaler.tick(), autoscaler.tick()]);
    expect(a).toBe(b);
    expect(autoscaler.decisions()).toHaveLength(1);
  });

  it('stops at close, twice as well as once, also in the middle of a query', async () => {
    const query: InstantQuery = () => new Promise(() => {});
    const { clock, autoscaler } = setUp({ qps: 1 }, { query });
    autoscaler.start();
    await clock.advance(0);
    await Promise.all([autoscaler.close(), autoscaler.close()]);
    await clock.advance(60_000);
    expect(autoscaler.decisions()).toEqual([]);
    expect(autoscaler.status().running).toBe(false);
    expect(await autoscaler.tick()).toBeUndefined();
  });

  it('survives a listener that throws', async () => {
    const onDecision = vi.fn(() => {
      throw new Error('page is gone');
    });
    const { lines, autoscaler } = setUp({ qps: 50, gpu: 0.5 }, { onDecision });
    expect(await autoscaler.tick()).toBeDefined();
    expect(lines).toContain('onDecision failed');
  });
});

it('changes nothing in a dry run, and says so', async () => {
  const { lines, target, autoscaler } = setUp({ qps: 132, gpu: 0.1 }, { dryRun: true });
  expect(await autoscaler.tick()).toMatchObject({ action: 'up', to: 3, applied: false });
  expect((await target.observe(new AbortController().signal)).desired).toBe(1);
  expect(lines.at(-1)).toBe('[Autoscaler] 演练模式:不改变实例数');
});

it('keeps no more decisions than asked for', async () => {
  const { autoscaler } = setUp({ qps: 50, gpu: 0.5 }, { keepDecisions: 2 });
  for (const timeMs of [1, 2, 3]) await autoscaler.tick(timeMs);
  expect(autoscaler.decisions().map(({ timeMs }) => timeMs)).toEqual([2, 3]);
});

it('refuses a metric that can be asked nowhere', () => {
  const [{ endpoint: _, ...metric }] = config.metrics as [(typeof config.metrics)[0]];
  const lacking = { ...config, metrics: [metric] };
  expect(() => createAutoscaler({ config: lacking, target: simulatedTarget() })).toThrow(ConfigError);
  expect(() => createAutoscaler({ config: lacking, target: simulatedTarget() })).toThrow('option query');
});

describe('metrics', () => {
  async function exposed(autoscaler: { metricProducer: { collect(): Promise<unknown> } }) {
    const result = (await autoscaler.metricProducer.collect()) as {
      resourceMetrics: {
        scopeMetrics: {
          metrics: { descriptor: { name: string }; dataPoints: { attributes: object; value: number }[] }[];
        }[];
      };
    };
    const metrics = result.resourceMetrics.scopeMetrics[0]?.metrics ?? [];
    return new Map(metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]));
  }

  it('expose no name outside the table, and every decision from 0', async () => {
    const { autoscaler } = setUp({ qps: 50, gpu: 0.5 });
    const families = await exposed(autoscaler);
    expect(scalerMetrics.map(({ name }) => name)).toEqual(expect.arrayContaining([...families.keys()]));
    expect(families.get('autoscaler_decisions_total')?.every(({ value }) => value === 0)).toBe(true);
    expect(families.get('autoscaler_ready_replicas')).toEqual([]); // not yet observed is not zero
  });

  it('count replica time between ticks, and cost only with a price', async () => {
    const priced = { ...config, price: { perReplicaHour: 3600, currency: 'CNY' } };
    const target = simulatedTarget({ initialReplicas: 2 });
    const { clock, autoscaler } = setUp({ qps: 100, gpu: 0.5 }, { target, config: priced });
    autoscaler.start();
    await clock.advance(30_000);
    const families = await exposed(autoscaler);
    expect(families.get('autoscaler_replica_seconds_total')).toMatchObject([{ value: 60 }]);
    expect(families.get('autoscaler_cost_total')).toMatchObject([
      { attributes: { currency: 'CNY' }, value: 60 },
    ]);
    expect(families.get('autoscaler_baseline_cost_total')).toMatchObject([{ value: 300 }]);
    expect(families.get('autoscaler_metric_value')).toMatchObject([{ value: 50 }, { value: 0.5 }]);
    expect((await exposed(setUp({ qps: 1 }).autoscaler)).has('autoscaler_cost_total')).toBe(false);
  });
});

it.for([
  ['intervalMs', Number.NaN],
  ['intervalMs', 0],
  ['keepDecisions', Number.NaN],
  ['readTimeoutMs', -1],
] as const)('refuses %s: %d, which would spin, grow or reject in every tick', ([name, value]) => {
  expect(() =>
    createAutoscaler({ config, target: simulatedTarget(), query: async () => [], [name]: value }),
  ).toThrow(name);
});

it('does not call a completed step failed because the replicas cannot be counted afterwards', async () => {
  const inner = simulatedTarget();
  let observations = 0;
  const target: ScaleTarget = {
    ...inner,
    observe: async (signal) => {
      if (++observations > 1) throw new Error('cannot count');
      return inner.observe(signal);
    },
  };
  const autoscaler = createAutoscaler({ config, target, query: loadOf({ qps: 132, gpu: 0.9 }) });
  expect(await autoscaler.tick()).toMatchObject({ action: 'up' });
  expect(autoscaler.status().lastError).toMatchObject({ stage: 'observe' });
  await autoscaler.close();
});
