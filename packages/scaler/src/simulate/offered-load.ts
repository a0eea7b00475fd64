import type { Trace } from './read-trace.ts';
import { STEP_SECONDS } from './queue-model.ts';

/** Requests that a smoothing window holds on average, so that counting noise stays below 5 %. */
const ENOUGH_REQUESTS = 450;
const LONGEST_SMOOTHING_SECONDS = 600;

/**
 * The rate of arrivals in each step of the model, in requests per second.
 *
 * Drawn through the middles of the bins, so that a change of the level does not come as a jump at the edge
 * of a bin. With `smooth`, a trace of few requests is first averaged over as many bins (10 minutes at most)
 * as hold 450 requests: whoever scales a sparse trace up multiplies the noise of counting.
 */
export function offeredLoad({ binSeconds, requests }: Trace, smooth: boolean): Float64Array {
  const rates = smooth ? smoothed(requests, binSeconds) : requests;
  const steps = Math.floor((requests.length * binSeconds) / STEP_SECONDS);
  const load = new Float64Array(steps);
  for (let step = 0; step < steps; step++) {
    if (binSeconds <= STEP_SECONDS) {
      const from = Math.floor((step * STEP_SECONDS) / binSeconds);
      const to = Math.max(from + 1, Math.floor(((step + 1) * STEP_SECONDS) / binSeconds));
      let sum = 0;
      for (let bin = from; bin < to; bin++) sum += rates[bin] ?? 0;
      load[step] = sum / (to - from) / binSeconds;
      continue;
    }
    const place = ((step + 0.5) * STEP_SECONDS) / binSeconds - 0.5;
    const before = Math.min(requests.length - 1, Math.max(0, Math.floor(place)));
    const after = Math.min(requests.length - 1, before + 1);
    const along = Math.min(1, Math.max(0, place - before));
    load[step] = ((rates[before] ?? 0) * (1 - along) + (rates[after] ?? 0) * along) / binSeconds;
  }
  return load;
}

function smoothed(requests: Float64Array, binSeconds: number): Float64Array {
  const sums = new Float64Array(requests.length + 1);
  for (const [bin, count] of requests.entries()) sums[bin + 1] = (sums[bin] ?? 0) + count;
  const mean = (sums.at(-1) ?? 0) / requests.length;
  const longest = Math.max(1, Math.floor(LONGEST_SMOOTHING_SECONDS / binSeconds));
  const width = mean > 0 ? Math.min(longest, Math.ceil(ENOUGH_REQUESTS / mean)) : 1;
  return requests.map((_, bin) => {
    const from = Math.max(0, bin - Math.floor(width / 2));
    const to = Math.min(requests.length, from + width);
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
  });
}
