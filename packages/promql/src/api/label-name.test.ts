import { expect, it } from 'vitest';
import { labelNameOf } from './label-name.ts';

it.for([
  // segment            name           why the row is here
  ['job', 'job'],
  ['a%20b', 'a b'],
  ['U__my_2e_label', 'my.label'],
  ['U__a__b', 'a_b'], //               two underscores are one
  ['U___1f600_', '😀'],
  ['U__', ''],
  ['U__a_zz_', 'U__a_zz_'], //         no number: a name like any other
  ['U__a_2e', 'U__a_2e'], //           not closed
  ['U___d800_', 'U___d800_'], //       half a surrogate pair
  ['U___ffffff_', 'U___ffffff_'], //   beyond Unicode
  ['__proto__', '__proto__'],
] as const)('%s is the label %s', ([segment, name]) => {
  expect(labelNameOf(segment)).toBe(name);
});

it('refuses bytes that are no text', () => {
  expect(() => labelNameOf('a%ffb')).toThrow(String.raw`invalid label name: "a\xffb"`);
});
