import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Tally } from './tally.ts';

const additions = fc.array(fc.tuple(fc.integer({ min: -700, max: 900 }), fc.nat(5)), { maxLength: 80 });

function counted(pairs: readonly (readonly [number, number])[]): Tally {
  const tally = new Tally();
  for (const [key, by] of pairs) tally.add(key, by);
  return tally;
}

function model(pairs: readonly (readonly [number, number])[]): [number, number][] {
  const counts = new Map<number, number>();
  for (const [key, by] of pairs) counts.set(key, (counts.get(key) ?? 0) + by);
  return [...counts].filter(([, count]) => count !== 0).toSorted(([a], [b]) => a - b);
}

it('counts like a map, in whatever order keys appear', () => {
  fc.assert(
    fc.property(additions, (pairs) => {
      const tally = counted(pairs);
      expect([...tally.entries()]).toEqual(model(pairs));
      for (const [key, count] of model(pairs)) expect(tally.get(key)).toBe(count);
      expect(tally.get(5_000)).toBe(0);
    }),
  );
});

it('is after a merge and a removal what it was before', () => {
  fc.assert(
    fc.property(additions, additions, (ours, theirs) => {
      const tally = counted(ours);
      const other = counted(theirs);
      tally.merge(other);
      expect([...tally.entries()]).toEqual(model([...ours, ...theirs]));
      tally.remove(other);
      expect([...tally.entries()]).toEqual(model(ours));
    }),
  );
});

it('grows no more once it is as wide as its keys, cleared or not', () => {
  const tally = counted(Array.from({ length: 100 }, (_, key) => [key, 1] as const));
  const { bytes } = tally;
  for (let round = 0; round < 100; round += 1) {
    tally.clear();
    for (let key = 0; key < 100; key += 1) tally.add(key);
  }
  expect(tally.bytes).toBe(bytes);
  expect(bytes).toBeLessThan(2 * 100 * 8);
});
