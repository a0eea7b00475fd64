import type { MetricDefinition, NumberFamily } from '@tidewatch/core';
import type { GpuIdentity } from '../device/gpu-device.ts';
import type { Rises } from '../monitor/count-rise.ts';
import type { GpuPrices } from './gpu-prices.ts';
import type { WorkTotals } from './span-book.ts';
import type { UsageLedger } from './usage-ledger.ts';
import { JOULES_PER_KILOWATT_HOUR } from './usage-report.ts';

type NumberDefinition = NumberFamily['definition'];

const deviceLabels = ['gpu', 'uuid', 'name'] as const;

const time: NumberDefinition = {
  name: 'gpu_time_seconds_total',
  kind: 'counter',
  unit: 's',
  help: 'Time of the GPU by what it did: busy, idle, or unknown where no utilisation was read.',
  labels: [...deviceLabels, 'state'],
};
const cost: NumberDefinition = {
  name: 'gpu_cost_total',
  kind: 'counter',
  unit: '{currency}',
  help: 'What the GPU has cost by the hour, idle hours included, at the prices of the option cost.',
  labels: [...deviceLabels, 'currency', 'basis'],
};
const energyCost: NumberDefinition = {
  name: 'gpu_energy_cost_total',
  kind: 'counter',
  unit: '{currency}',
  help: 'What the energy of the GPU has cost, at the price of the option cost.',
  labels: [...deviceLabels, 'currency'],
};
const predictions: NumberDefinition = {
  name: 'gpu_span_predictions_total',
  kind: 'counter',
  unit: '{prediction}',
  help: 'Predictions that spans have told, by the name of the span.',
  labels: ['span'],
};
const spanTime: NumberDefinition = {
  name: 'gpu_span_gpu_seconds_total',
  kind: 'counter',
  unit: 's',
  help: 'GPU time during spans, shared between those open at the same moment.',
  labels: ['span'],
};

/** Every metric of use and cost. */
export const usageMetrics: readonly MetricDefinition[] = [time, cost, energyCost, predictions, spanTime];

/** The series of use and cost. What has no price or no reading has none. */
export function usageFamilies(
  { usage }: UsageLedger,
  spans: ReadonlyMap<string, WorkTotals>,
  joulesByGpu: Rises,
  prices: GpuPrices | undefined,
): readonly NumberFamily[] {
  const all = [...usage.values()];
  const { currency = '', energyPerKilowattHour } = prices ?? {};
  const families: NumberFamily[] = [
    {
      definition: time,
      points: all.flatMap(({ device, seconds }) =>
        Object.entries(seconds).map(([state, value]) => ({ labels: { ...labelsOf(device), state }, value })),
      ),
    },
    {
      definition: cost,
      points: all.flatMap(({ device, cost: amounts }) =>
        Object.entries(amounts).map(([basis, value]) => ({
          labels: { ...labelsOf(device), currency, basis },
          value,
        })),
      ),
    },
    {
      definition: energyCost,
      points: all.flatMap(({ device }) => {
        const joules = joulesByGpu.get(device.uuid)?.total;
        if (joules === undefined || energyPerKilowattHour === undefined) return [];
        const value = (joules / JOULES_PER_KILOWATT_HOUR) * energyPerKilowattHour;
        return [{ labels: { ...labelsOf(device), currency }, value }];
      }),
    },
    {
      definition: predictions,
      points: [...spans].map(([span, line]) => ({ labels: { span }, value: line.predictions })),
    },
    {
      definition: spanTime,
      points: [...spans].map(([span, line]) => ({ labels: { span }, value: line.gpuSeconds })),
    },
  ];
  return families.filter(({ points }) => points.length > 0);
}

function labelsOf({ index, uuid, name }: GpuIdentity): Record<string, string> {
  return { gpu: String(index), uuid, name };
}
