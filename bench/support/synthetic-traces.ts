import type { Trace } from '@tidewatch/scaler';
import { seeded } from './seeded.ts';

const DAY_MINUTES = 1440;

/** Traffic of five kinds, a minute a bin. The highest price of lateness was chosen with an eye on two of them. */
export function syntheticTraces(): readonly Trace[] {
  return [
    trace(
      'steady-noise',
      10,
      11,
      () => (minute, gauss) => 2000 * (1.1 + day(minute)) * (1 + 0.03 * gauss()) + 100,
    ),
    trace('wandering-level', 14, 12, (random) => {
      let [drift, step] = [0, 0];
      return (_, gauss) => {
        drift = 0.995 * drift + 0.03 * gauss();
        if (random() < 0.002) step = 0.5 * gauss();
        step *= 0.998;
        return 3000 * Math.exp(drift + step) * (1 + 0.02 * gauss());
      };
    }),
    trace('restless-day', 1, 13, (random) => {
      let [drift, surge] = [0, 0];
      return (minute, gauss) => {
        drift = 0.97 * drift + 0.09 * gauss();
        if (random() < 0.004) surge = 0.7 * random();
        surge *= 0.97;
        return 600 * Math.exp(drift + surge + 0.4 * day(minute)) * (1 + 0.04 * gauss());
      };
    }),
    trace('flash-crowds', 14, 14, (random) => {
      let crowd = 0;
      return (minute, gauss) => {
        if (random() < 1 / DAY_MINUTES) crowd = 2 + random() * 2;
        crowd *= 0.985;
        return 1500 * (1.3 + day(minute) + crowd) * (1 + 0.03 * gauss());
      };
    }),
    trace('batch-every-4-hours', 7, 15, () => (minute, gauss) => {
      const batch = minute % 240 < 30 ? 2.5 : 1;
      return 800 * (batch + 0.5 * day(minute)) * (1 + 0.03 * gauss());
    }),
  ];
}

function day(minute: number): number {
  return Math.sin((minute / DAY_MINUTES) * 2 * Math.PI);
}

function trace(
  name: string,
  days: number,
  seed: number,
  make: (random: () => number) => (minute: number, gauss: () => number) => number,
): Trace {
  const random = seeded(seed);
  const rate = make(random);
  const gauss = (): number => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
  const requests = Float64Array.from({ length: days * DAY_MINUTES }, (_, minute) =>
    Math.max(0, Math.round(rate(minute, gauss))),
  );
  return { name, binSeconds: 60, requests };
}
