import type { Random } from '../random/seeded-random.ts';
import type { Schedule } from './schedule.ts';

/**
 * When the next request comes: a Poisson process whose rate follows the schedule.
 *
 * By thinning (Lewis and Shedler 1979): candidates come at the peak rate, and each is kept with the
 * probability of the rate at its moment.
 *
 * @param afterMs - The arrival before, milliseconds since the start.
 */
export function nextArrivalMs(schedule: Schedule, afterMs: number, random: Random): number {
  let atMs = afterMs;
  do {
    // 1 − u lies in (0, 1]: the logarithm stays finite.
    atMs += (-Math.log(1 - random()) / schedule.peakRps) * 1000;
  } while (random() * schedule.peakRps >= schedule.rateAt(atMs));
  return atMs;
}
