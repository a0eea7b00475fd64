import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWorkMeter } from './work-meter.ts';

it('gives a piece of work that is alone all the GPUs', () => {
  const meter = createWorkMeter();
  meter.setRates(0, { gpus: 2, watts: 500, costPerSecond: 0.002 });
  const end = meter.begin(1_000);
  expect(end(4_000)).toEqual({ gpuSeconds: 6, joules: 1500, cost: 0.006 });
});

it('shares each moment equally between those open at it', () => {
  const meter = createWorkMeter();
  meter.setRates(0, { gpus: 1 });
  const long = meter.begin(0);
  const short = meter.begin(1_000);
  expect(short(3_000)).toEqual({ gpuSeconds: 1 });
  expect(long(4_000)).toEqual({ gpuSeconds: 3 });
});

it('tells nothing of what was unknown for a while, and all of what was known', () => {
  const meter = createWorkMeter();
  meter.setRates(0, { gpus: 1, watts: 100 });
  const end = meter.begin(0);
  meter.setRates(1_000, { gpus: 1 });
  meter.setRates(2_000, { gpus: 1, watts: 100 });
  expect(end(3_000)).toEqual({ gpuSeconds: 3 });
  const next = meter.begin(3_000);
  expect(next(4_000)).toEqual({ gpuSeconds: 1, joules: 100 });
});

it('answers a second end like the first', () => {
  const meter = createWorkMeter();
  meter.setRates(0, { gpus: 1 });
  const end = meter.begin(0);
  const other = meter.begin(0);
  expect(end(2_000)).toBe(end(9_000));
  expect(other(4_000)).toEqual({ gpuSeconds: 3 }); // alone since the first end
});

it('takes nothing away when the clock is set back', () => {
  const meter = createWorkMeter();
  meter.setRates(10_000, { gpus: 1 });
  const end = meter.begin(10_000);
  expect(end(5_000)).toEqual({ gpuSeconds: 0 });
});

it('shares out exactly the time in which anything was open', () => {
  const spans = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(spans, (pairs) => {
      const meter = createWorkMeter();
      meter.setRates(0, { gpus: 1 });
      const ends: (((nowMs: number) => { gpuSeconds?: number }) | undefined)[] = [];
      let sum = 0;
      let covered = 0;
      for (let ms = 0; ms <= 2001; ms++) {
        pairs.forEach(([start, length], i) => {
          if (ms === start + length) sum += ends[i]?.(ms).gpuSeconds ?? 0;
          if (ms === start && length > 0) ends[i] = meter.begin(ms);
        });
        if (pairs.some(([start, length]) => ms >= start && ms < start + length)) covered++;
      }
      expect(sum).toBeCloseTo(covered / 1000, 9);
    }),
    { numRuns: 50 },
  );
});
