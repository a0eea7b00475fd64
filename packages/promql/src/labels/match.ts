import type { LabelMatcher } from '../language/ast.ts';
import { compileRegExp } from './regexp.ts';

/** Whether a label value satisfies a matcher; absent is the empty text. */
export type ValueTest = (value: string) => boolean;

/** @throws {@link Error} for a regular expression that is not RE2 syntax. */
export function valueTest({ operator, value }: LabelMatcher): ValueTest {
  if (operator === '=') return (candidate) => candidate === value;
  if (operator === '!=') return (candidate) => candidate !== value;
  const regexp = compileRegExp(value);
  const wanted = operator === '=~';
  return (candidate) => regexp.matches(candidate) === wanted;
}
