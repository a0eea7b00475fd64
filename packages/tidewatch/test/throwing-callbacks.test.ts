import { createAlerting, loadRules, type Channel } from '@tidewatch/alerts';
import type { Logger } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import type { GpuSource } from '@tidewatch/gpu';
import { loadAutoscalerConfig, type ScaleTarget } from '@tidewatch/scaler';
import { describe, expect, it } from 'vitest';
import type { TidewatchOptions } from 'tidewatch';
import { startCatService } from './cat-service.ts';

// An unhandled rejection fails the run by itself: vitest listens for them.

function broken(): never {
  throw new Error('the callback is broken');
}

const throwingLogger: Logger = { debug: broken, info: broken, warn: broken, error: broken };
const throwingChannel: Channel = { name: 'broken', resolved: 'notify', send: broken };
const throwingGpu: GpuSource = { name: 'broken', read: broken, close: broken };
const throwingTarget: ScaleTarget = { observe: broken, scaleTo: broken };
const throwingSource = { query: broken, queryRange: broken };

const alwaysFiring = loadRules(`groups:
  - name: g
    interval: 1s
    rules: [{ alert: Always, expr: vector(1) }]
`);
const config = loadAutoscalerConfig(`metrics:
  - { name: one, type: external, query: vector(1), scale_up_threshold: 0.5, scale_down_threshold: 0.1 }
scaling: { max_replicas: 2, min_replicas: 1, cooldown: 1 }
`);
const toBrokenChannel = { route: { receiver: 'broken' }, receivers: { broken: [throwingChannel] } };

describe('a callback that throws never reaches the request of a user', () => {
  it.for([
    ['logger', { logger: throwingLogger }],
    ['access', { access: broken }],
    ['errorReason', { errorReason: broken }],
    ['source', { source: throwingSource }],
    ['alerting.receivers', { alerting: { rules: alwaysFiring, ...toBrokenChannel } }],
    ['autoscaling.target', { autoscaling: { config, target: throwingTarget, intervalMs: 1_000 } }],
    ['gpu.source', { gpu: { source: throwingGpu } }],
    // Each of the others is reported to the logger; together they find the places that trust it.
    [
      'all of them',
      {
        logger: throwingLogger,
        access: broken,
        errorReason: broken,
        alerting: { rules: alwaysFiring, ...toBrokenChannel },
        autoscaling: { config, target: throwingTarget, intervalMs: 1_000 },
        gpu: { source: throwingGpu },
      },
    ],
    [
      'logger and source',
      { logger: throwingLogger, source: throwingSource, alerting: { rules: alwaysFiring } },
    ],
  ] as [string, Partial<TidewatchOptions>][])('%s', async ([, options]) => {
    const clock = manualClock(0);
    const service = await startCatService({ clock, ...options });
    for (let round = 0; round < 3; round++) {
      expect(await (await service.classify(`${round}`)).json()).toEqual({
        predicted: 'cat',
        confidence: 0.9,
      });
      expect((await service.label(`${round}`, 'cat')).status).toBe(202);
      // The page and the metrics may be refused or partly empty; they answer.
      for (const path of ['/monitor/data', '/metrics', '/api/v1/query?query=up']) {
        expect((await service.get(path)).status).toBeOneOf([200, 403]);
      }
      await clock.advance(1_000);
    }
    expect(service.watch.monitor.snapshot()).toMatchObject({ n: 3, labelled: 3 });
    await service.watch.close();
  });

  it('read of classify: the answer is the answer, and the loss is counted', async () => {
    const { watch, get } = await startService();
    await expect(watch.monitor.classify(() => 'cat', { read: broken })).resolves.toBe('cat');
    expect(await (await get('/metrics')).text()).toMatch(/^tidewatch_refused_total\{.*\} 1$/m);
  });

  it('what the classifier itself throws is the host’s, as it is', async () => {
    const { watch } = await startService();
    const error = new Error('out of memory');
    const run = watch.monitor.classify(() => {
      throw error;
    });
    await expect(run).rejects.toBe(error);
    expect(watch.monitor.snapshot().errors).toBe(1);
  });

  it('onSeries of createAlerting: the rule is marked as failed and its alert fires all the same', async () => {
    await using alerting = await createAlerting({
      rules: alwaysFiring,
      query: async () => [{ labels: {}, timeMs: 0, value: 1 }],
      onSeries: broken,
      route: { receiver: 'nobody' },
      receivers: { nobody: [] },
      clock: manualClock(0),
    });
    await expect(alerting.evaluate(0)).resolves.toBeUndefined();
    expect(alerting.rules().groups[0]?.rules[0]).toMatchObject({
      health: 'err',
      lastError: 'the callback is broken',
      state: 'firing',
    });
  });
});

async function startService() {
  const service = await startCatService({ clock: manualClock(0) });
  return { watch: service.watch, get: async (path: string) => service.get(path) };
}
