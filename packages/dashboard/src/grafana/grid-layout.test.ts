import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evenWidths, flow } from './grid-layout.ts';

const size = fc.record({ w: fc.integer({ min: 1, max: 24 }), h: fc.integer({ min: 1, max: 12 }) });

it('never lets two boxes overlap, nor leave the grid', () => {
  fc.assert(
    fc.property(fc.array(size, { maxLength: 30 }), fc.nat(100), (sizes, top) => {
      const { places, bottom } = flow(sizes, top);
      const taken = new Set<string>();
      for (const { x, y, w, h } of places) {
        expect(x + w).toBeLessThanOrEqual(24);
        expect(y).toBeGreaterThanOrEqual(top);
        expect(y + h).toBeLessThanOrEqual(bottom);
        for (let column = x; column < x + w; column++) {
          for (let row = y; row < y + h; row++) {
            expect(taken.has(`${column},${row}`)).toBe(false);
            taken.add(`${column},${row}`);
          }
        }
      }
    }),
  );
});

it.for([1, 2, 5, 7, 24])('%d boxes fill the line', (count) => {
  expect(evenWidths(count).reduce((sum, width) => sum + width, 0)).toBe(24);
});
