import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Reading } from '../device/reading.ts';
import { fakeDevice } from '../testing/scripted-gpu-source.ts';
import { packReading, packReport, unpackReading, unpackReport } from './packed-report.ts';

const value = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0));
const reading: fc.Arbitrary<Reading> = fc.oneof(
  value.map((number) => ({ ok: true, kind: 'point', value: number }) as const),
  fc
    .tuple(value, fc.nat(), value)
    .map(([mean, n, max]) => ({ ok: true, kind: 'mean', value: mean, n, max }) as const),
  value.map((mean) => ({ ok: true, kind: 'mean', value: mean }) as const),
  fc.constantFrom('unsupported', 'lost', 'not-visible').map((why) => ({ ok: false, why }) as const),
  fc.nat(999).map((code) => ({ ok: false, why: 'error', code }) as const),
);

/** As it travels. */
const sent = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T;

it('carries every reading unchanged', () => {
  fc.assert(
    fc.property(reading, (original) => {
      expect(unpackReading(sent(packReading(original)))).toEqual(original);
    }),
  );
});

it('carries a whole report unchanged', () => {
  const device = {
    ...fakeDevice({ utilization: 0, powerWatts: 3.5 }),
    details: {
      smUtilization: { ok: true, kind: 'mean', value: 0.5 },
      fanRatio: { ok: false, why: 'unsupported', code: 3 },
    },
    xids: [79],
    processes: [{ pid: 1, memoryUsedBytes: { ok: false, why: 'denied' } }],
  } as const;
  const report = {
    ok: true,
    devices: [device, fakeDevice()],
    unidentified: [{ index: 3, why: 'lost' }],
  } as const;
  expect(unpackReport(sent(packReport(report)))).toEqual(report);
  const none = { ok: false, reason: 'no-devices' } as const;
  expect(unpackReport(sent(packReport(none)))).toEqual(none);
});

it('makes no number of what is none', () => {
  expect(packReading({ ok: true, kind: 'point', value: Number.NaN })).toBe('error');
});
