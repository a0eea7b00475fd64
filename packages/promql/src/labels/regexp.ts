import { RE2JS } from 're2js';

/** A regular expression of RE2's syntax, anchored at both ends, in which a dot matches newlines. Linear time. */
export interface AnchoredRegExp {
  matches(value: string): boolean;
  /** The groups of a match, group 0 first, or `undefined`. A group that took no part is empty. */
  groups(value: string): RegExpGroups | undefined;
}

export interface RegExpGroups {
  readonly numbered: readonly string[];
  readonly named: ReadonlyMap<string, string>;
}

const NO_META = /^[^\\.+*?()|[\]{}^$]*$/;

const MAX_LENGTH = 10_000;

/** @throws {@link Error} when the pattern is not RE2 syntax, or longer than 10,000 characters; the message says why. */
export function compileRegExp(pattern: string): AnchoredRegExp {
  if (pattern.length > MAX_LENGTH) {
    throw new Error(`it has ${pattern.length} characters, the limit is ${MAX_LENGTH}`);
  }
  const regexp = RE2JS.compile(pattern, RE2JS.DOTALL);
  return {
    matches: matcherOf(pattern, regexp),
    groups(value) {
      const matcher = regexp.matcher(value);
      if (!matcher.matches()) return undefined;
      const numbered = Array.from(
        { length: regexp.groupCount() + 1 },
        (_, group) => matcher.group(group) ?? '',
      );
      const named = new Map<string, string>();
      for (const [name, group] of Object.entries(regexp.namedGroups()))
        named.set(name, numbered[group] ?? '');
      return { numbered, named };
    },
  };
}

/** Most matchers in practice are words, alternatives of words, `.*` or `.+`: no automaton is needed for those. */
function matcherOf(pattern: string, regexp: RE2JS): (value: string) => boolean {
  if (pattern === '.*') return () => true;
  if (pattern === '.+') return (value) => value !== '';
  const words = pattern.split('|');
  if (words.every((word) => NO_META.test(word))) {
    const accepted = new Set(words);
    return (value) => accepted.has(value);
  }
  return (value) => regexp.matches(value);
}
