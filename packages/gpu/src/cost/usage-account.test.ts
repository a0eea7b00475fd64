import { manualClock } from '@tidewatch/core/testing';
import { expect, it } from 'vitest';
import type { GpuDevice } from '../device/gpu-device.ts';

import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import type { GpuPrices } from './gpu-prices.ts';
import { createUsageAccount } from './usage-account.ts';

const prices: GpuPrices = {
  currency: 'CNY',
  perGpuHour: { '*': 36 },
  energyPerKilowattHour: 0.6,
  asOf: '2026-05-01',
  source: 'a test',
};

const device = (utilization: number, energyJoules = 0): GpuDevice =>
  fakeDevice({ utilization, energyJoules, powerWatts: 300 });

it('tells what a thousand predictions cost, idle time included, and what they would on busy GPUs', async () => {
  const clock = manualClock(0);
  const account = createUsageAccount({ clock, prices });
  account.round([device(0)], 30_000);
  const span = account.span('predict');
  await clock.advance(10_000);
  span.end({ predictions: 50 });
  account.round([device(0.25)], 30_000);

  const energy = new Map([['GPU-0', { last: 3_000, total: 3_000 }]]);
  expect(account.report(energy)).toEqual({
    sinceMs: 0,
    seconds: { busy: 2.5, idle: 7.5, unknown: 0 },
    idleRatio: 0.75,
    joules: 3_000,
    cost: { currency: 'CNY', gpus: 0.1, energy: 0.0005, source: 'a test', asOf: '2026-05-01' },
    predictions: 50,
    perThousandPredictions: {
      gpuSeconds: 200,
      joules: 60_000,
      cost: expect.closeTo(2.01) as number,
      costFullyUsed: expect.closeTo(0.5025) as number,
    },
  });
});

it('answers a span with its part, in the currency of the prices', async () => {
  const clock = manualClock(0);
  const account = createUsageAccount({ clock, prices });
  account.round([device(0.5), { ...device(0.5), uuid: 'GPU-1' }], 30_000);
  const span = account.span('predict');
  await clock.advance(2_000);
  const report = span.end({ predictions: 128 });
  expect(report).toEqual({
    durationSeconds: 2,
    predictions: 128,
    gpuSeconds: 4,
    joules: 1_200,
    cost: expect.closeTo(0.04 + 0.0002) as number,
    currency: 'CNY',
  });
  expect(span.end({ predictions: 999 })).toBe(report);
  expect(account.report(new Map()).predictions).toBe(128);
});

it('says nothing of GPU time where there is no GPU, and still counts predictions', async () => {
  const clock = manualClock(0);
  const account = createUsageAccount({ clock, prices });
  account.round(undefined, 30_000);
  const span = account.span('predict');
  await clock.advance(1_000);
  expect(span.end({ predictions: 1 })).toEqual({ durationSeconds: 1, predictions: 1 });
  const { cost, joules, idleRatio, predictions } = account.report(new Map());
  expect([cost, joules, idleRatio, predictions]).toEqual([undefined, undefined, undefined, 1]);
});

it.for([Number.NaN, -1, Infinity])('counts %s predictions as none', (predictions) => {
  const account = createUsageAccount({ clock: manualClock(0), prices });
  expect(account.span('predict').end({ predictions }).predictions).toBe(0);
  expect(account.report(new Map()).perThousandPredictions).toBeUndefined();
});

it('keeps one line for all names beyond fifty, with exact totals', () => {
  const account = createUsageAccount({ clock: manualClock(0), prices });
  for (let i = 0; i < 1000; i++) account.span(`request ${i}`).end({ predictions: 1 });
  const family = account
    .families(new Map())
    .find(({ definition }) => definition.name === 'gpu_span_predictions_total');
  expect(family?.points).toHaveLength(51);
  expect(family?.points.at(-1)).toMatchObject({ labels: { span: '_OTHER' }, value: 950 });
});

it('publishes use and cost by GPU', async () => {
  const clock = manualClock(0);
  const account = createUsageAccount({ clock, prices });
  account.round([device(0)], 30_000);
  await clock.advance(10_000);
  account.round([device(0.5)], 30_000);
  const energy = new Map([['GPU-0', { last: 0, total: 3_600_000 }]]);
  const lines = account
    .families(energy)
    .flatMap(({ definition, points }) =>
      points.map(({ labels, value }) => `${definition.name} ${JSON.stringify(labels)} ${value}`),
    );
  const gpu = '"gpu":"0","uuid":"GPU-0","name":"Fake GPU"';
  expect(lines).toEqual([
    `gpu_time_seconds_total {${gpu},"state":"busy"} 5`,
    `gpu_time_seconds_total {${gpu},"state":"idle"} 5`,
    `gpu_time_seconds_total {${gpu},"state":"unknown"} 0`,
    `gpu_cost_total {${gpu},"currency":"CNY","basis":"model"} 0.1`,
    `gpu_energy_cost_total {${gpu},"currency":"CNY"} 0.6`,
  ]);
});
