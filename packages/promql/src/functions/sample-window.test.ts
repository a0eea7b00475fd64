import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SampleWindow } from './sample-window.ts';

it('finds the same falls by looking as by its count', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constant(Number.NaN)), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(
      values,
      fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { minLength: 1, maxLength: 30 }),
      (all, spans) => {
        const window = new SampleWindow(new Float64Array(all.length), Float64Array.from(all));
        for (const [a, b] of spans) {
          const from = Math.min(a, all.length - 1);
          const to = Math.max(from + 1, Math.min(b, all.length));
          const expected = all.some((value, at) => at > from && at < to && value < (all[at - 1] as number));
          expect(window.hasFalls(from, to)).toBe(expected);
        }
      },
    ),
  );
});
