import type { ConfigIssue } from '@tidewatch/core';

/** What GPUs and their energy cost. Prices are opinions with a date: they come from you, or name their source. */
export interface GpuPrices {
  /** ISO 4217, such as `USD` or `CNY`. */
  readonly currency: string;
  /** For one hour of one GPU, by its name; `*` stands for any text, and the longest pattern that fits wins. */
  readonly perGpuHour?: Readonly<Record<string, number>>;
  /** For one hour of the whole machine. Its GPUs share it equally, and it goes before `perGpuHour`. */
  readonly perInstanceHour?: number;
  readonly energyPerKilowattHour?: number;
  /** Day on which the prices were true, as `2026-05-01`. Older than 180 days is warned of. */
  readonly asOf: string;
  /** Where they come from, such as a contract. Shown with every amount. */
  readonly source: string;
}

/** What a price is derived from: the machine's price, or that of the GPU model. */
export type PriceBasis = 'instance' | 'model';

export interface HourlyPrice {
  readonly perHour: number;
  readonly basis: PriceBasis;
}

/**
 * Typical prices on demand in public lists of spring 2026, in USD. They are the right order of magnitude and no
 * more: the same GPU differs by a factor of 4 between vendors. Pass your own for anything you decide by.
 */
export const referencePrices: GpuPrices = {
  currency: 'USD',
  perGpuHour: {
    '*T4*': 0.6,
    '*L4': 0.8,
    '*A10': 1,
    '*A10G': 1,
    '*L40S': 1.95,
    '*A100*40GB*': 1.5,
    '*A100*80GB*': 2,
    '*H100*': 3.8,
    '*H200*': 4,
  },
  asOf: '2026-05-01',
  source: 'typical public on-demand lists, spring 2026: an order of magnitude',
};

/** The price of one GPU by name, on a machine with so many of them; `undefined` when none is known. */
export function hourlyPrice(prices: GpuPrices, name: string, gpus: number): HourlyPrice | undefined {
  if (prices.perInstanceHour !== undefined && gpus > 0) {
    return { perHour: prices.perInstanceHour / gpus, basis: 'instance' };
  }
  const fitting = Object.entries(prices.perGpuHour ?? {})
    .filter(([pattern]) => fits(pattern, name))
    .toSorted(([a], [b]) => b.length - a.length)[0];
  return fitting && { perHour: fitting[1], basis: 'model' };
}

function fits(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(name);
}

const FRESH_DAYS = 180;
const DAY_MS = 86_400_000;

/** Days since the prices were true, when that is too long ago to trust them. */
export function daysOutdated({ asOf }: GpuPrices, nowMs: number): number | undefined {
  const days = Math.floor((nowMs - Date.parse(asOf)) / DAY_MS);
  return days > FRESH_DAYS ? days : undefined;
}

/** What is wrong with prices that a user wrote. */
export function priceIssues(prices: unknown): readonly ConfigIssue[] {
  if (prices === undefined) return [];
  if (typeof prices !== 'object' || prices === null) {
    const remedy = 'pass { currency, perGpuHour, asOf, source }, or referencePrices';
    return [wrong('cost', `expected an object, got ${JSON.stringify(prices)}`, remedy)];
  }
  const {
    currency,
    perGpuHour = {},
    perInstanceHour,
    energyPerKilowattHour,
    asOf,
    source,
  } = prices as Partial<GpuPrices>;
  const issues: ConfigIssue[] = [];
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) {
    issues.push(
      wrong('cost.currency', `expected three capitals, got ${JSON.stringify(currency)}`, 'such as "USD"'),
    );
  }
  if (typeof asOf !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(asOf) || Number.isNaN(Date.parse(asOf))) {
    issues.push(wrong('cost.asOf', `expected a day, got ${JSON.stringify(asOf)}`, 'such as "2026-05-01"'));
  }
  if (typeof source !== 'string' || source === '') {
    issues.push(wrong('cost.source', 'expected where the prices come from', 'such as "contract of May"'));
  }
  const amounts: [string, unknown][] = [
    ['cost.perInstanceHour', perInstanceHour],
    ['cost.energyPerKilowattHour', energyPerKilowattHour],
    ...Object.entries(perGpuHour).map(([name, price]): [string, unknown] => [
      `cost.perGpuHour["${name}"]`,
      price,
    ]),
  ];
  for (const [path, amount] of amounts) {
    if (amount === undefined || (typeof amount === 'number' && amount >= 0 && amount < Infinity)) continue;
    issues.push(wrong(path, `expected an amount of at least 0, got ${JSON.stringify(amount)}`));
  }
  return issues;
}

function wrong(path: string, problem: string, remedy?: string): ConfigIssue {
  return { code: 'wrong-type', path, problem, ...(remedy !== undefined && { remedy }) };
}
