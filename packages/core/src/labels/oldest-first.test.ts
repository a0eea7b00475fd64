import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OldestFirst } from './oldest-first.ts';

it('behaves like a Map whose first key is the oldest', () => {
  const id = fc.nat(20).map(String);
  const step = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), id }),
    fc.record({ kind: fc.constant('delete' as const), id }),
    fc.record({ kind: fc.constant('deleteOldest' as const), id }),
  );
  // Long runs, so that the queue is compacted many times.
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      const ours = new OldestFirst<number>();
      const model = new Map<string, number>();
      for (let i = 0; i < 2_500; i += 1) {
        const { kind, id: key } = steps[i % steps.length] ?? { kind: 'set', id: '' };
        const [first = ''] = model.keys();
        const act = {
          set: () => {
            ours.set(key, i);
            model.delete(key);
            return [model.set(key, i)];
          },
          delete: () => [ours.delete(key), model.delete(key)],
          deleteOldest: () => [ours.deleteOldest(), model.delete(first)],
        };
        const [did, should = did] = act[kind]();
        expect(did).toBe(should);
        expect(ours.size).toBe(model.size);
        expect(ours.oldest()?.id).toBe([...model.keys()][0]);
      }
      for (const [key, value] of model) expect(ours.get(key)).toBe(value);
    }),
    { numRuns: 10 },
  );
});
