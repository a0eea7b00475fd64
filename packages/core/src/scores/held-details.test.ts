import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HeldDetails } from './held-details.ts';

it('is a map that forgets its oldest entry', () => {
  const step = fc.record({
    kind: fc.constantFrom('keep', 'recall', 'drop'),
    id: fc.nat(8).map(String),
    value: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 5 }), (steps, capacity) => {
      const held = new HeldDetails(2, capacity);
      const model = new Map<string, number>();
      const row = new Float64Array(2);
      let evicted = 0;
      for (const { kind, id, value } of steps) {
        if (kind === 'keep') {
          model.delete(id);
          if (model.size >= capacity) {
            model.delete([...model.keys()][0] ?? '');
            evicted += 1;
          }
          model.set(id, value);
          held.keep(id, [value, -value]);
        } else if (kind === 'recall') {
          expect(held.recall(id, row)).toBe(model.has(id));
          if (model.has(id)) expect([...row]).toEqual([model.get(id), -(model.get(id) ?? 0)]);
          model.delete(id);
        } else {
          held.drop(id);
          model.delete(id);
        }
        expect(held.size).toBe(model.size);
        expect(held.evicted).toBe(evicted);
      }
    }),
  );
});
