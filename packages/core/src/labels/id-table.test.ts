import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdTable, NONE } from './id-table.ts';
import { SlotFields } from './slot-fields.ts';

/** Short, as long as fits in bytes, one more, and letters that need two bytes. */
const id = fc.oneof(
  fc.nat(40).map((number) => `r${number}`),
  fc.nat(3).map((number) => 'a'.repeat(55) + String(number)),
  fc.nat(3).map((number) => 'a'.repeat(56) + String(number)),
  fc.nat(3).map((number) => `猫${number}`),
  fc.nat(3).map((number) => `é${number}`),
);

it('gives every id a slot of its own, as a map and a list of free numbers would', () => {
  const step = fc.record({ kind: fc.constantFrom('add', 'add', 'remove'), id });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.integer(), (steps, seed) => {
      const table = new IdTable(seed, new SlotFields());
      const slots = new Map<string, number>();
      for (const { kind, id: name } of steps) {
        const slot = slots.get(name);
        expect(table.find(name)).toBe(slot ?? NONE);
        if (kind === 'add' && slot === undefined) slots.set(name, table.add(name));
        if (kind === 'remove' && slot !== undefined) {
          table.remove(slot);
          slots.delete(name);
        }
      }
      for (const [name, slot] of slots) expect(table.find(name)).toBe(slot);
      expect(new Set(slots.values()).size).toBe(slots.size);
    }),
  );
});

it('finds ids that were counted up, while others go and the table has grown', () => {
  const table = new IdTable(7, new SlotFields());
  for (let i = 0; i < 50_000; i += 1) {
    table.add(`request-${i}`);
    if (i >= 20_000) table.remove(table.find(`request-${i - 20_000}`));
  }
  const found = Array.from({ length: 50_000 }, (_, i) => table.find(`request-${i}`));
  expect(found.slice(0, 30_000).every((slot) => slot === NONE)).toBe(true);
  // Slots are used again: 20,000 waited at a time, and one more while the oldest went.
  expect(new Set(found.slice(30_000))).toHaveLength(20_000);
  expect(Math.max(...found)).toBe(20_000);
});
