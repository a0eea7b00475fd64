import { ConfigError, type Labels } from '@tidewatch/core';
import { RE2JS } from 're2js';

/** One condition on a label, in Alertmanager's grammar: `severity="critical"`, `model=~"digits|mail"`. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/**
 * Reads a matcher as Alertmanager writes it; quotes around the value may be left out.
 *
 * @throws {@link ConfigError} when it is none, or its regular expression is not RE2.
 */
export function parseMatcher(text: string): Matcher {
  const match = /^\s*([a-zA-Z_:][\w:]*)\s*(=~|!~|!=|=)\s*([^]*?)\s*$/.exec(text);
  const value = match === null ? undefined : unquote(match[3] ?? '');
  if (match === null || value === undefined)
    throw fault(`expected a matcher such as severity="critical", got ${JSON.stringify(text)}`);
  const matcher = { label: match[1] ?? '', operator: match[2] as Matcher['operator'], value };
  checkPattern(matcher);
  return matcher;
}

/** Cuts `{a="b", c=~"d"}` at the commas outside of quotes; braces may be left out. */
export function splitMatchers(text: string): string[] {
  const inner = text.replace(/^\{/, '').replace(/\}$/, '');
  return (inner.match(/(?:"(?:[^"\\]|\\[^])*"?|\\[^]|[^,"])+/g) ?? []).filter((part) => part.trim() !== '');
}

/** The value of a matcher; `undefined` when its quotes do not fit. An escape that is none stands for itself. */
function unquote(raw: string): string | undefined {
  const isQuoted = raw.startsWith('"');
  const body = /^"((?:[^"\\]|\\[^])*)"$/.exec(raw)?.[1] ?? (isQuoted ? undefined : raw);
  if (body === undefined || /(?:^|[^\\])(?:\\\\)*"/.test(body)) return undefined;
  return body.replaceAll(/\\([n"\\])/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

/**
 * Reads a matcher, or checks one that is an object already: a broken pattern must not wait for the first alert.
 *
 * @throws {@link ConfigError} when it is none, or its regular expression is not RE2.
 */
export function toMatcher(matcher: string | Matcher): Matcher {
  if (typeof matcher === 'string') return parseMatcher(matcher);
  checkPattern(matcher);
  return matcher;
}

/** Whether all matchers hold. An absent label is the empty text; regular expressions match the whole value. */
export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(({ label, operator, value }) => {
    const actual = labels[label] ?? '';
    const holds = operator.includes('~') ? compile(value).matches(actual) : actual === value;
    return operator.startsWith('!') ? !holds : holds;
  });
}

/** Compiled patterns. Matchers come from configuration and silences, which are few; the cap is for callers that loop. */
const compiled = new Map<string, RE2JS>();

function checkPattern({ label, operator, value }: Matcher): void {
  if (!operator.includes('~')) return;
  try {
    compile(value);
  } catch (error) {
    throw fault(`${label}${operator}${JSON.stringify(value)}: ${(error as Error).message}`);
  }
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const regex = RE2JS.compile(pattern);
  if (compiled.size >= 1000) compiled.clear();
  compiled.set(pattern, regex);
  return regex;
}

function fault(problem: string): ConfigError {
  return new ConfigError('matchers', [{ code: 'syntax', path: '', problem }]);
}
