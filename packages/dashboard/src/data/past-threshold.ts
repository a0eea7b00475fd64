import type { Threshold } from '../panels/panel.ts';

/** The first threshold that the value has crossed, or `undefined`. NaN crosses nothing. */
export function pastThreshold(value: number, thresholds: readonly Threshold[]): Threshold | undefined {
  return thresholds.find(({ value: limit, bad }) => (bad === 'above' ? value > limit : value < limit));
}
