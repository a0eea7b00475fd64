import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes } from './byte-order.ts';
import {
  compareLabelSets,
  dropLabels,
  fromLabels,
  keepLabels,
  labelOf,
  labelSet,
  toLabels,
  withLabel,
  withoutName,
} from './label-set.ts';

// Few characters, the likely separators among them: collisions would show.
const text = fc.string({ unit: fc.constantFrom('a', '1', ':', ',', '=', '"', '\0', 'ß'), maxLength: 4 });
const anyPairs = fc.array(
  fc.tuple(
    text.filter((name) => name !== ''),
    text,
  ),
  { maxLength: 3 },
);

describe('label sets', () => {
  it('have equal keys exactly when they are equal', () => {
    fc.assert(
      fc.property(anyPairs, anyPairs, (a, b) => {
        const [left, right] = [labelSet(a), labelSet(b)];
        expect(left.key === right.key).toBe(compareLabelSets(left, right) === 0);
      }),
    );
  });

  it('are not confused by values that look like boundaries', () => {
    expect(fromLabels({ a: 'x', b: 'y' }).key).not.toBe(fromLabels({ a: 'x,b:y' }).key);
    expect(fromLabels({ a: '1:b1:c' }).key).not.toBe(fromLabels({ a: '', b: 'c' }).key);
    expect(fromLabels({ a: 'x', b: 'y' }).key).not.toBe(fromLabels({ a: 'x1:b1:y' }).key);
  });

  it('hold a label named __proto__', () => {
    const set = withLabel(labelSet([['__proto__', 'x']]), 'a', 'y');
    expect(Object.keys(toLabels(set))).toEqual(['__proto__', 'a']);
    expect(labelOf(set, '__proto__')).toBe('x');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('forget empty values: absent and empty are one', () => {
    expect(fromLabels({ a: '', b: 'x' }).names).toEqual(['b']);
    expect(withLabel(fromLabels({ a: 'x' }), 'a', '').names).toEqual([]);
  });

  it('lose name, type and unit together', () => {
    const set = fromLabels({ __name__: 'm', __type__: 'gauge', __unit__: 's', job: 'j' });
    expect(toLabels(withoutName(set))).toEqual({ job: 'j' });
  });

  it('with one label more, another or fewer are as if built anew', () => {
    fc.assert(
      fc.property(
        anyPairs,
        fc.string({ maxLength: 2 }),
        fc.string({ maxLength: 2 }),
        (pairs, name, value) => {
          const set = labelSet(pairs);
          expect(withLabel(set, name, value)).toEqual(labelSet([...pairs, [name, value]]));
        },
      ),
    );
  });

  it('split by any list of names without loss', () => {
    fc.assert(
      fc.property(anyPairs, fc.array(fc.string({ maxLength: 4 })), (pairs, names) => {
        const set = labelSet(pairs);
        const chosen = new Set(names);
        const rest = { ...toLabels(keepLabels(set, chosen)), ...toLabels(dropLabels(set, chosen)) };
        expect(fromLabels(rest).key).toBe(set.key);
      }),
    );
  });
});

it('orders text by its UTF-8 bytes, also beyond the basic plane', () => {
  expect(compareBytes('\uFFFF', '\u{10000}')).toBeLessThan(0); // JavaScript's < says the opposite
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
