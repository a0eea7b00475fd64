import { expect, it } from 'vitest';
import { fill, text, textKeys } from './catalogue.ts';

it.for(textKeys)('%s exists in both languages with the same places', (key) => {
  const { 'zh-CN': chinese, en: english } = text(key);
  expect(chinese).not.toBe('');
  expect(english).not.toBe('');
  expect(places(chinese)).toEqual(places(english));
});

it('leaves a place without a value as it is, and does not fill twice', () => {
  expect(fill('{a} and {b}', { a: '{b}' })).toBe('{b} and {b}');
  expect(fill('{constructor}', {})).toBe('{constructor}');
});

function places(template: string): string[] {
  return (template.match(/\{\{?\w+\}?\}/g) ?? []).toSorted();
}
