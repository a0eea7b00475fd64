import { PromqlError } from '../errors.ts';
import type { LabelMatcher } from '../language/ast.ts';
import { compileRegExp } from './regexp.ts';

/** Lets the event loop turn between two pieces of work; rejects when the work is no longer wanted. */
export type Pause = () => Promise<void>;

/** The test of one matcher, for the values of one selection. */
export interface MatcherTest {
  readonly matcher: LabelMatcher;
  /** Whether an automaton answers: then each distinct value is asked about once, best in {@link MatcherTest.prepare}. */
  readonly isSlow: boolean;
  /**
   * Whether a value satisfies the matcher; absent is the empty text.
   *
   * @throws {@link PromqlError} when the regular expression is too large for the values it has been asked about.
   */
  readonly accepts: (value: string) => boolean;
  /** Answers these values in advance, with pauses, so that asking about them later costs nothing. */
  readonly prepare: (values: Iterable<string>, pause: Pause) => Promise<void>;
}

/** A tenth of a second, or a few for the most expensive classes of characters. */
const MAX_STEPS = 20_000_000;
/** One match cannot be paused: 2 to 10 ms. */
const MAX_STEPS_A_VALUE = 1_000_000;
const STEPS_A_TURN = 250_000;

/** @throws {@link Error} for a regular expression that is not RE2 syntax. */
export function matcherTest(matcher: LabelMatcher): MatcherTest {
  const { operator, value } = matcher;
  if (operator === '=') return quick(matcher, (candidate) => candidate === value);
  if (operator === '!=') return quick(matcher, (candidate) => candidate !== value);
  const regexp = compileRegExp(value);
  const { size } = regexp;
  const wanted = operator === '=~';
  if (size === 0) return quick(matcher, (candidate) => regexp.matches(candidate) === wanted);

  const answers = new Map<string, boolean>();
  let steps = 0;
  function accepts(candidate: string): boolean {
    const known = answers.get(candidate);
    if (known !== undefined) return known;
    const more = size * (candidate.length + 1);
    steps += more;
    if (steps > MAX_STEPS || more > MAX_STEPS_A_VALUE) {
      const problem = `the regular expression "${value.slice(0, 100)}" is too large for so many label values`;
      throw new PromqlError('limit', `${problem}; repeat less, or select by another label as well`);
    }
    const answer = regexp.matches(candidate) === wanted;
    answers.set(candidate, answer);
    return answer;
  }
  return {
    matcher,
    isSlow: true,
    accepts,
    async prepare(values, pause) {
      let pausedAt = steps;
      for (const candidate of values) {
        accepts(candidate);
        if (steps - pausedAt < STEPS_A_TURN) continue;
        await pause();
        pausedAt = steps;
      }
    },
  };
}

function quick(matcher: LabelMatcher, accepts: (value: string) => boolean): MatcherTest {
  return { matcher, isSlow: false, accepts, prepare: () => Promise.resolve() };
}
