import { spawnSync } from 'node:child_process';
import { manualClock } from '@tidewatch/core/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { augursForecaster } from './augurs.ts';
import { expectedLoad } from './forecaster.ts';

const STEP_MS = 300_000;
const never = new AbortController().signal;
const forecaster = augursForecaster({ timeoutMs: 60_000 });
afterAll(() => forecaster.close?.());

function days(count: number, rate: (step: number) => number) {
  return { startMs: 0, stepMs: STEP_MS, rates: Array.from({ length: count * 288 }, (_, step) => rate(step)) };
}
const tide = (step: number): number =>
  100 + 80 * Math.sin((step / 288) * 2 * Math.PI) + ((step * 7919) % 11) / 5;

describe('the forecaster by augurs', () => {
  it.for([
    ['mstl', 15],
    ['prophet', 5],
  ] as const)('knows by %s a tide that it has seen for four days', async ([model, tolerance]) => {
    const knowing = augursForecaster({ model, timeoutMs: 60_000 });
    const forecast = await knowing.forecast(days(4, tide), 72, never);
    await knowing.close?.();
    expect(forecast).toMatchObject({ startMs: 4 * 288 * STEP_MS, stepMs: STEP_MS });
    expect(forecast?.rates).toHaveLength(72);
    for (const [step, value] of (forecast?.rates ?? []).entries()) {
      expect(Math.abs(value - tide(4 * 288 + step))).toBeLessThan(tolerance);
    }
  });

  it('never expects less than nothing', async () => {
    const falling = await forecaster.forecast(
      days(3, (step) => Math.max(0, tide(step) - 90 - step / 20)),
      288,
      never,
    );
    for (const value of falling?.rates ?? []) expect(value).toBeGreaterThanOrEqual(0);
  });

  it.for([
    [1, tide, 'a day is no season yet'],
    [4, () => 0, 'all zero: the model would panic'],
    [4, () => 50, 'constant'],
    [4, () => Number.NaN, 'nothing known'],
  ] as const)('says nothing of %i days (%s)', async ([count, rate]) => {
    expect(await forecaster.forecast(days(count, rate), 12, never)).toBeUndefined();
  });

  it('is ended at its deadline, and works again after it', async () => {
    const clock = manualClock(0);
    const slow = augursForecaster({ timeoutMs: 1000, clock });
    const late = slow.forecast(days(8, tide), 12, never);
    await Promise.all([expect(late).rejects.toThrow('no forecast within 1000 ms'), clock.advance(1001)]);
    expect((await slow.forecast(days(2, tide), 12, never))?.rates).toHaveLength(12);
    await slow.close?.();
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const asked = forecaster.forecast(days(8, tide), 12, stop.signal);
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });

  it.for(['@bsull/augurs', '@bsull/augurs-prophet-wasmstan'])('says how to install %s', (missing) => {
    const hook = `
      import { registerHooks } from 'node:module';
      registerHooks({ resolve(name, context, next) {
        if (name === '${missing}') throw Object.assign(new Error(name), { code: 'ERR_MODULE_NOT_FOUND' });
        return next(name, context);
      } });
      const { runAugursModel } = await import('${new URL('augurs-model.ts', import.meta.url).href}');
      const request = { model: 'prophet', startSeconds: 0, stepSeconds: 1, rates: [1, 2], seasons: [2], steps: 1 };
      await runAugursModel(request).catch(({ message }) => console.log(message));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', hook], {
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe(`the package ${missing} is missing: npm i ${missing}`);
  });
});

describe('what a forecast expects', () => {
  const forecast = { startMs: 1000, stepMs: 100, rates: [1, 5, 2] };
  it.for([
    [1000, 1050, 1],
    [1050, 1150, 5],
    [1000, 1299, 5],
    [1000, 1300, undefined], // beyond its end
    [900, 1100, undefined], //  before its beginning
  ] as const)('between %i and %i: %s', ([from, to, then]) => {
    expect(expectedLoad(forecast, from, to)).toBe(then);
  });
});
