import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { mutants } from '../mutants/mutants.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** The numbers with which titles of tests begin. */
const tested = new Set(
  globSync(['packages/alerts/{src,test}/**/*.test.ts', 'test/integration/*alert*.test.ts'], {
    cwd: root,
  }).flatMap((file) =>
    [...readFileSync(`${root}/${file}`, 'utf8').matchAll(/['"`](R\d+) /g)].map(([, number = '']) => number),
  ),
);
const seen = new Set(mutants.map(({ test }) => test));
const numbers = Array.from({ length: 28 }, (_, index): string => `R${index + 1}`);

it.for(numbers)('%s has a test, and a mutant that it must see', (number) => {
  expect([tested.has(number), seen.has(number)]).toEqual([true, true]);
});
