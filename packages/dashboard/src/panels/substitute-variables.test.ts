import { expect, it } from 'vitest';
import { rateIntervalMs, substituteVariables } from './substitute-variables.ts';

it.for([
  // sample   step     window   why the row is here
  [15_000, 5_000, 60_000], // four samples, so that one lost scrape leaves three
  [2_000, 15_000, 15_000], // a step longer than that: no sample is skipped between steps
  [1_000, 2_000, 4_000],
] as const)('samples every %d ms at steps of %d ms: rate over %d ms', ([sampleMs, stepMs, windowMs]) => {
  expect(rateIntervalMs(sampleMs, stepMs)).toBe(windowMs);
});

it('fills in both variables wherever they stand', () => {
  const expr = 'rate(a[$__rate_interval]) / rate(b[$__rate_interval]) + increase(c[$window])';
  expect(substituteVariables(expr, { rateIntervalMs: 6_500, windowMs: 900_000 })).toBe(
    'rate(a[6500ms]) / rate(b[6500ms]) + increase(c[900s])',
  );
});
