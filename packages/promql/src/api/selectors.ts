import { PromqlError } from '../errors.ts';
import { allMatchers, type LabelMatcher } from '../language/ast.ts';
import { parseMetricSelector } from '../language/parse.ts';
import { matcherTest } from '../labels/match.ts';
import { BadRequest } from './parameters.ts';

/** The matchers of every `match[]`. @throws {@link BadRequest} for text that is no selector, or selects everything. */
export function readSelectors(parameters: URLSearchParams): readonly (readonly LabelMatcher[])[] {
  const selectors = parameters.getAll('match[]').map(parseSelector);
  for (const matchers of selectors) {
    if (matchers.every((matcher) => matcherTest(matcher).accepts(''))) {
      throw new BadRequest('match[] must contain at least one non-empty matcher');
    }
  }
  return selectors;
}

function parseSelector(text: string): readonly LabelMatcher[] {
  try {
    return allMatchers(parseMetricSelector(text));
  } catch (error) {
    throw error instanceof PromqlError ? new BadRequest(error.message) : error;
  }
}
