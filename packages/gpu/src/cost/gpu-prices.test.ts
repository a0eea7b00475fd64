import { expect, it } from 'vitest';
import { daysOutdated, hourlyPrice, priceIssues, referencePrices, type GpuPrices } from './gpu-prices.ts';

const prices: GpuPrices = {
  currency: 'USD',
  perGpuHour: { 'NVIDIA H100*': 3.78, 'NVIDIA H100 PCIe': 2.86, 'NVIDIA L4': 0.8 },
  asOf: '2026-05-01',
  source: 'a test',
};

it.for([
  // name                       perHour     why the row is here
  ['NVIDIA H100 80GB HBM3', 3.78],
  ['NVIDIA H100 PCIe', 2.86], //            the longer pattern knows better
  ['nvidia l4', 0.8], //                    drivers differ in capitals
  ['NVIDIA L40S', undefined], //            no pattern: a name is not a prefix
  ['NVIDIA GeForce RTX 4090', undefined],
] as const)('%s costs %s', ([name, perHour]) => {
  expect(hourlyPrice(prices, name, 1)?.perHour).toBe(perHour);
});

it('shares the price of the machine between its GPUs', () => {
  const machine = { ...prices, perInstanceHour: 55.04 };
  expect(hourlyPrice(machine, 'NVIDIA H100 80GB HBM3', 8)).toEqual({ perHour: 6.88, basis: 'instance' });
});

it('takes a pattern literally but for its stars', () => {
  const odd = { ...prices, perGpuHour: { 'A.B (C)*': 1 } };
  expect(hourlyPrice(odd, 'A.B (C) 80GB', 1)?.perHour).toBe(1);
  expect(hourlyPrice(odd, 'AxB (C)', 1)).toBeUndefined();
});

it.for([
  ['Tesla T4', 0.6],
  ['NVIDIA L4', 0.8],
  ['NVIDIA L40S', 1.95],
  ['NVIDIA A10', 1],
  ['NVIDIA A10G', 1],
  ['NVIDIA A100-SXM4-40GB', 1.5],
  ['NVIDIA A100 80GB PCIe', 2],
  ['NVIDIA H100 80GB HBM3', 3.8],
  ['NVIDIA H200', 4],
] as const)('the reference knows %s', ([name, perHour]) => {
  expect(hourlyPrice(referencePrices, name, 1)?.perHour).toBe(perHour);
});

it('calls prices outdated after 180 days', () => {
  const day = 86_400_000;
  const from = Date.parse(prices.asOf);
  expect(daysOutdated(prices, from + 180 * day)).toBeUndefined();
  expect(daysOutdated(prices, from + 181 * day)).toBe(181);
});

it.for([
  [{ ...prices, currency: 'dollars' }, 'cost.currency'],
  [{ ...prices, asOf: 'May' }, 'cost.asOf'],
  [{ ...prices, asOf: '2026-13-01' }, 'cost.asOf'],
  [{ ...prices, source: '' }, 'cost.source'],
  [{ ...prices, perGpuHour: { L4: -1 } }, 'cost.perGpuHour["L4"]'],
  [{ ...prices, perInstanceHour: Number.NaN }, 'cost.perInstanceHour'],
  [{ ...prices, energyPerKilowattHour: '0.25' }, 'cost.energyPerKilowattHour'],
  ['cheap', 'cost'],
] as const)('%j is refused at %s', ([written, path]) => {
  expect(priceIssues(written).map((issue) => issue.path)).toEqual([path]);
});

it('accepts its own reference, and none', () => {
  expect(priceIssues(referencePrices)).toEqual([]);
  expect(priceIssues(undefined)).toEqual([]);
});
