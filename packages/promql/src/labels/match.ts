import { PromqlError } from '../errors.ts';
import type { LabelMatcher } from '../language/ast.ts';
import { compileRegExp } from './regexp.ts';

/** Whether a label value satisfies a matcher; absent is the empty text. */
export type ValueTest = (value: string) => boolean;

// A tenth of a second, or a few for the most expensive classes of characters.
const MAX_STEPS = 20_000_000;

/**
 * The test of one matcher. It may be asked about the values of one selection only.
 *
 * @throws {@link Error} for a regular expression that is not RE2 syntax. The test itself throws {@link PromqlError}
 * when the expression is too large for the values it has been asked about.
 */
export function valueTest({ operator, value }: LabelMatcher): ValueTest {
  if (operator === '=') return (candidate) => candidate === value;
  if (operator === '!=') return (candidate) => candidate !== value;
  const regexp = compileRegExp(value);
  const wanted = operator === '=~';
  let steps = 0;
  return (candidate) => {
    steps += regexp.size * (candidate.length + 1);
    if (steps > MAX_STEPS) {
      const problem = `the regular expression "${value.slice(0, 100)}" is too large for so many label values`;
      throw new PromqlError('limit', `${problem}; repeat less, or select by another label as well`);
    }
    return regexp.matches(candidate) === wanted;
  };
}
