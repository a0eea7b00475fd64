import type { Clock, NumberFamily } from '@tidewatch/core';
import type { GpuDevice, GpuIdentity } from '../device/gpu-device.ts';
import type { Rises } from '../monitor/count-rise.ts';
import { hourlyPrice, type GpuPrices, type HourlyPrice } from './gpu-prices.ts';
import { createSpanBook } from './span-book.ts';
import { usageFamilies } from './usage-metrics.ts';
import { bookUsage, emptyLedger } from './usage-ledger.ts';
import { JOULES_PER_KILOWATT_HOUR, reportUsage, type UsageReport } from './usage-report.ts';
import { createWorkMeter, type UsedAmounts, type UseRates } from './work-meter.ts';

/** What one piece of work used. */
export interface SpanReport extends UsedAmounts {
  readonly durationSeconds: number;
  readonly predictions: number;
  /** Of `cost`. */
  readonly currency?: string;
}

/** A piece of work that is under way. */
export interface GpuSpan {
  /**
   * Ends it and tells what it used. A second call answers the same and counts nothing.
   *
   * GPU time, energy and money are shared equally with the spans that were open at the same moments; power is
   * that of the last reading. What is not known is absent.
   *
   * @param result.predictions - How many predictions the work gave; not a number of at least 0 counts as none.
   */
  end(result?: { readonly predictions?: number }): SpanReport;
}

/** Books what the GPUs do and cost. */
export interface UsageAccount {
  /** One round: its devices, or `undefined` when it failed. */
  round(devices: readonly GpuDevice[] | undefined, knownMs: number): void;
  span(name: string): GpuSpan;
  /** Predictions that spans have told. */
  predictions(): number;
  report(energy: Rises): UsageReport;
  families(energy: Rises): readonly NumberFamily[];
}

/** An account that begins now. */
export function createUsageAccount(options: {
  readonly clock: Clock;
  readonly prices: GpuPrices | undefined;
}): UsageAccount {
  const { clock, prices } = options;
  const sinceMs = clock.now();
  const meter = createWorkMeter();
  const spans = createSpanBook();
  let ledger = emptyLedger;
  // A wall clock is stepped, by NTP or by hand: an hour that never was must not be paid for.
  const passedMs = (): number => clock.monotonic?.() ?? clock.now();
  let lastMs = passedMs();

  const pricing =
    (gpus: number) =>
    ({ name }: GpuIdentity): HourlyPrice | undefined =>
      prices && hourlyPrice(prices, name, gpus);

  function ratesOf(devices: readonly GpuDevice[]): UseRates {
    const watts = total(devices.map(({ powerWatts }) => (powerWatts.ok ? powerWatts.value : undefined)));
    const perHour = total(devices.map((device) => pricing(devices.length)(device)?.perHour));
    const energyPrice = prices?.energyPerKilowattHour;
    const energy = energyPrice === undefined ? 0 : scaled(watts, energyPrice / JOULES_PER_KILOWATT_HOUR);
    return {
      gpus: devices.length,
      ...(watts !== undefined && { watts }),
      ...(perHour !== undefined && energy !== undefined && { costPerSecond: perHour / 3_600 + energy }),
    };
  }

  return {
    round(devices, knownMs) {
      const nowMs = passedMs();
      const time = { elapsedSeconds: (nowMs - lastMs) / 1000, knownSeconds: knownMs / 1000 };
      const gpus = devices?.length ?? ledger.present.size;
      ledger = bookUsage(ledger, devices, time, pricing(gpus));
      meter.setRates(nowMs, devices === undefined || gpus === 0 ? {} : ratesOf(devices));
      lastMs = nowMs;
    },
    span(name) {
      const startedMs = passedMs();
      const stop = meter.begin(startedMs);
      let report: SpanReport | undefined;
      return {
        end({ predictions = 0 } = {}) {
          if (report !== undefined) return report;
          const endedMs = passedMs();
          const used = stop(endedMs);
          const counted = predictions > 0 && predictions < Infinity ? predictions : 0;
          spans.book(name, counted, used);
          report = {
            durationSeconds: Math.max(0, endedMs - startedMs) / 1000,
            predictions: counted,
            ...used,
            ...(used.cost !== undefined && prices && { currency: prices.currency }),
          };
          return report;
        },
      };
    },
    predictions: () => spans.total().predictions,
    report: (energy) => reportUsage(sinceMs, ledger, spans.total(), energy, prices),
    families: (energy) => usageFamilies(ledger, spans.lines(), energy, prices),
  };
}

/** The sum, where every part is known. */
function total(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const value of values) {
    if (value === undefined || !Number.isFinite(value)) return undefined;
    sum += value;
  }
  return sum;
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}
