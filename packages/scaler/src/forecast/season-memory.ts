import type { LoadHistory } from './forecaster.ts';

/** Mean load by five minutes, of the last eight days. Plain data. */
export interface SeasonMemory {
  /** Index of the first bin, in bins since the Unix epoch; absent before anything was seen. */
  firstBin?: number;
  /** Requests per second of each bin from the first; -1: nothing seen. */
  readonly rates: number[];
  /** Samples in the last bin. */
  samples: number;
}

const BIN_MS = 300_000;
const DAY_BINS = 288;
const BINS_KEPT = 8 * DAY_BINS;
/** The level of now against that of then: the mean of as many bins. */
const LEVEL_BINS = 6;
/** A level that is further off than this says that the days are not alike. */
const LARGEST_RATIO = 3;

export function emptySeason(): SeasonMemory {
  return { rates: [], samples: 0 };
}

/** Notes the load of one moment; times must not go back. */
export function rememberLoad(season: SeasonMemory, nowMs: number, requestsPerSecond: number): void {
  const bin = Math.floor(nowMs / BIN_MS);
  const { rates } = season;
  season.firstBin ??= bin;
  const last = season.firstBin + rates.length - 1;
  if (rates.length > 0 && bin < last) return;
  if (bin - last > BINS_KEPT) {
    rates.length = 0;
    season.firstBin = bin;
  }
  if (rates.length > 0 && bin === last) {
    season.samples++;
    const mean = rates.at(-1) ?? 0;
    rates[rates.length - 1] = mean + (requestsPerSecond - mean) / season.samples;
    return;
  }
  while (season.firstBin + rates.length < bin) rates.push(-1);
  rates.push(requestsPerSecond);
  season.samples = 1;
  while (rates.length > BINS_KEPT) {
    rates.shift();
    season.firstBin++;
  }
}

/** All that is remembered, evenly spaced; what was not seen is filled in between its neighbours. */
export function seasonHistory({ firstBin, rates }: SeasonMemory): LoadHistory | undefined {
  if (firstBin === undefined || rates.length < 2) return undefined;
  // The last bin is not over yet.
  const whole = rates.slice(0, -1);
  let last = whole.findIndex((rate) => rate >= 0);
  const start = last;
  if (start < 0) return undefined;
  for (let bin = start + 1; bin < whole.length; bin++) {
    const [before = 0, rate = -1] = [whole[last], whole[bin]];
    if (rate < 0) continue;
    for (let hole = last + 1; hole < bin; hole++) {
      whole[hole] = before + ((rate - before) * (hole - last)) / (bin - last);
    }
    last = bin;
  }
  return { startMs: (firstBin + start) * BIN_MS, stepMs: BIN_MS, rates: whole.slice(start, last + 1) };
}

/**
 * The load that a time will have if its day goes like the one `days` before, in requests per second: the
 * greater of the two bins of then that it falls between, times the level of now against the level of then.
 *
 * @returns `undefined` when that day was not seen.
 */
export function seasonalLoad(
  season: SeasonMemory,
  nowMs: number,
  atMs: number,
  days: number,
): number | undefined {
  const shift = days * DAY_BINS;
  const now = Math.floor(nowMs / BIN_MS);
  const then = Math.floor(atMs / BIN_MS) - shift;
  const at = (bin: number): number => season.rates[bin - (season.firstBin ?? 0)] ?? -1;
  const [left, right] = [at(then), at(then + 1)];
  if (left < 0 || right < 0) return undefined;
  let [present, past, count] = [0, 0, 0];
  for (let back = 1; back <= LEVEL_BINS; back++) {
    const [one, other] = [at(now - back), at(now - back - shift)];
    if (one < 0 || other < 0) continue;
    present += one;
    past += other;
    count++;
  }
  if (count === 0 || past <= 0) return undefined;
  const ratio = present / past;
  if (ratio > LARGEST_RATIO || ratio < 1 / LARGEST_RATIO) return undefined;
  return Math.max(left, right) * ratio;
}
