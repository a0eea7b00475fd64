import { matchesAll, type Matcher } from '@tidewatch/alerts';

/** What is asked for when a silence is made. */
export interface SilenceRequest {
  /** Of the silence that this one takes the place of. */
  readonly id?: string;
  readonly matchers: readonly Matcher[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly comment: string;
  readonly author: string;
}

type Fields = Readonly<Record<string, unknown>>;

const LONGEST_TEXT = 10_000;
const MOST_MATCHERS = 100;

/**
 * Reads a silence as Alertmanager's API takes it.
 *
 * @returns a text that says what is wrong with it.
 */
export function readSilence(body: unknown, nowMs: number): SilenceRequest | string {
  const fields = (body ?? {}) as Fields;
  const { matchers: written } = fields;
  if (!Array.isArray(written) || written.length === 0 || written.length > MOST_MATCHERS)
    return `matchers: expected a list of 1 to ${MOST_MATCHERS}`;
  const matchers: Matcher[] = [];
  for (const [index, one] of written.entries()) {
    const matcher = readMatcher(one as Fields | null, `matchers[${index}]`);
    if (typeof matcher === 'string') return matcher;
    matchers.push(matcher);
  }
  const fromMs = fields['startsAt'] === undefined ? nowMs : timeOf(fields['startsAt']);
  const untilMs = timeOf(fields['endsAt']);
  for (const [name, ms] of Object.entries({ startsAt: fromMs, endsAt: untilMs }))
    if (Number.isNaN(ms)) return `${name}: expected a time such as 2026-11-23T12:00:00Z`;
  if (untilMs <= nowMs) return 'endsAt: the end is not in the future';
  if (untilMs <= fromMs) return 'endsAt: the end is not after the beginning';
  const [id, comment, author] = ['id', 'comment', 'createdBy'].map((name) => textOf(fields[name] ?? ''));
  if (id === undefined || comment === undefined || author === undefined)
    return `id, comment, createdBy: expected texts of at most ${LONGEST_TEXT} characters`;
  return {
    ...(id === '' ? {} : { id }),
    matchers,
    fromMs: Math.max(fromMs, nowMs),
    untilMs,
    comment,
    author,
  };
}

function readMatcher(written: Fields | null, place: string): Matcher | string {
  const { name, value, isRegex = false, isEqual = true } = written ?? {};
  if (typeof name !== 'string' || !/^[a-zA-Z_]\w*$/.test(name)) return `${place}.name: expected a label`;
  const text = textOf(value);
  if (text === undefined) return `${place}.value: expected a text`;
  if (typeof isRegex !== 'boolean' || typeof isEqual !== 'boolean')
    return `${place}: expected isRegex and isEqual to be true or false`;
  const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
  const matcher: Matcher = { label: name, operator, value: text };
  try {
    matchesAll([matcher], {});
  } catch (error) {
    return `${place}.value: ${(error as Error).message}`;
  }
  return matcher;
}

function timeOf(written: unknown): number {
  return typeof written === 'string' ? Date.parse(written) : Number.NaN;
}

function textOf(written: unknown): string | undefined {
  return typeof written === 'string' && written.length <= LONGEST_TEXT ? written : undefined;
}
