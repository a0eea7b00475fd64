import type { Rises } from '../monitor/count-rise.ts';
import type { GpuPrices } from './gpu-prices.ts';
import type { GpuSeconds, UsageLedger } from './usage-ledger.ts';
import type { WorkTotals } from './span-book.ts';

/** What the GPUs have cost, in the currency of the prices. */
export interface CostReport {
  readonly currency: string;
  /** Of the GPUs by the hour. */
  readonly gpus: number;
  /** Absent without a price of energy or a reading of it. */
  readonly energy?: number;
  /** Where the prices come from, and when they were true. */
  readonly source: string;
  readonly asOf: string;
}

/** What a thousand predictions took, over the wall clock: what the GPUs idled is part of it. */
export interface PerThousand {
  readonly gpuSeconds: number;
  readonly joules?: number;
  readonly cost?: number;
  /** The floor: what they would cost on GPUs that were never idle. Absent while no utilisation was read. */
  readonly costFullyUsed?: number;
}

/** What the GPUs did and cost since the monitor was created. */
export interface UsageReport {
  readonly sinceMs: number;
  readonly seconds: GpuSeconds;
  /** Idle part of the time that is known, 0 to 1; absent while none is known. */
  readonly idleRatio?: number;
  readonly joules?: number;
  /** Absent without prices, or when no GPU has one. */
  readonly cost?: CostReport;
  /** Predictions that spans have told. */
  readonly predictions: number;
  /** Absent while there are none. */
  readonly perThousandPredictions?: PerThousand;
}

/** Adds up the ledger. */
export function reportUsage(
  sinceMs: number,
  { usage }: UsageLedger,
  work: WorkTotals,
  joulesByGpu: Rises,
  prices: GpuPrices | undefined,
): UsageReport {
  const all = [...usage.values()];
  const seconds = {
    busy: sum(all.map((gpu) => gpu.seconds.busy)),
    idle: sum(all.map((gpu) => gpu.seconds.idle)),
    unknown: sum(all.map((gpu) => gpu.seconds.unknown)),
  };
  const known = seconds.busy + seconds.idle;
  const joules =
    joulesByGpu.size === 0 ? undefined : sum([...joulesByGpu.values()].map((joules) => joules.total));
  const cost =
    prices &&
    costOf(
      all.flatMap((gpu) => Object.values(gpu.cost)),
      joules,
      prices,
    );
  const busyRatio = known > 0 ? seconds.busy / known : undefined;
  const perThousandPredictions = perThousand(
    work.predictions,
    { gpuSeconds: known + seconds.unknown, joules, cost: cost && cost.gpus + (cost.energy ?? 0) },
    busyRatio,
  );
  return {
    sinceMs,
    seconds,
    ...(known > 0 && { idleRatio: seconds.idle / known }),
    ...(joules !== undefined && { joules }),
    ...(cost && { cost }),
    predictions: work.predictions,
    ...(perThousandPredictions && { perThousandPredictions }),
  };
}

function costOf(
  amounts: readonly number[],
  joules: number | undefined,
  { currency, energyPerKilowattHour, source, asOf }: GpuPrices,
): CostReport | undefined {
  if (amounts.length === 0) return undefined;
  const energy =
    joules === undefined || energyPerKilowattHour === undefined
      ? {}
      : { energy: (joules / JOULES_PER_KILOWATT_HOUR) * energyPerKilowattHour };
  return { currency, gpus: sum(amounts), ...energy, source, asOf };
}

/** One kilowatt for 3600 seconds. */
export const JOULES_PER_KILOWATT_HOUR = 3_600_000;

function perThousand(
  predictions: number,
  used: {
    readonly gpuSeconds: number;
    readonly joules: number | undefined;
    readonly cost: number | undefined;
  },
  busyRatio: number | undefined,
): PerThousand | undefined {
  if (predictions === 0) return undefined;
  const each = (amount: number): number => (amount / predictions) * 1000;
  const { gpuSeconds, joules, cost } = used;
  return {
    gpuSeconds: each(gpuSeconds),
    ...(joules !== undefined && { joules: each(joules) }),
    ...(cost !== undefined && { cost: each(cost) }),
    ...(cost !== undefined && busyRatio !== undefined && { costFullyUsed: each(cost) * busyRatio }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
