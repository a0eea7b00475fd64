import { RE2JS } from 're2js';

/** A regular expression of RE2's syntax, anchored at both ends, in which a dot matches newlines. Linear time. */
export interface AnchoredRegExp {
  /** Instructions: a match takes at most so many steps a character. 0 where no automaton is needed. */
  readonly size: number;
  matches(value: string): boolean;
  /** The groups of a match, group 0 first, or `undefined`. A group that took no part is empty. */
  groups(value: string): RegExpGroups | undefined;
}

export interface RegExpGroups {
  readonly numbered: readonly string[];
  readonly named: ReadonlyMap<string, string>;
}

const MAX_LENGTH = 10_000;

/** @throws {@link Error} when the pattern is not RE2 syntax, or longer than 10,000 characters; the message says why. */
export function compileRegExp(pattern: string): AnchoredRegExp {
  if (pattern.length > MAX_LENGTH) {
    throw new Error(`it has ${pattern.length} characters, the limit is ${MAX_LENGTH}`);
  }
  const quick = withoutAutomaton(pattern);
  const regexp = quick === undefined ? compile(pattern) : undefined;
  return {
    size: regexp?.programSize() ?? 0,
    matches: quick ?? ((value) => regexp?.matches(value) === true),
    groups: (value) => groupsOf(regexp ?? compile(pattern), value),
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    // The flag is written into the pattern, and so into the quotation of it.
    throw new Error((error as Error).message.replace('`(?s)', '`'), { cause: error });
  }
}

function groupsOf(regexp: RE2JS, value: string): RegExpGroups | undefined {
  const matcher = regexp.matcher(value);
  if (!matcher.matches()) return undefined;
  const numbered = Array.from({ length: regexp.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '');
  const named = new Map<string, string>();
  for (const [name, group] of Object.entries(regexp.namedGroups())) named.set(name, numbered[group] ?? '');
  return { numbered, named };
}

/** Alternatives of plain characters and escaped punctuation: `a|b`, `10\.0\.0\.1:9100|…`. */
const WORDS = /^(?:[^\\.+*?()|[\]{}^$]|\\[!-/:-@[-`{-~]|\|)*$/;

/** Most matchers in practice are words, alternatives of words, `.*` or `.+`. */
function withoutAutomaton(pattern: string): ((value: string) => boolean) | undefined {
  if (pattern === '.*') return () => true;
  if (pattern === '.+') return (value) => value !== '';
  // `\|` is a character of a word and no border: left to the automaton, as it is rare.
  if (!WORDS.test(pattern) || pattern.includes('\\|')) return undefined;
  const accepted = new Set(pattern.split('|').map((word) => word.replaceAll(/\\(.)/gu, '$1')));
  return (value) => accepted.has(value);
}
