import { matchesAll, type Matcher, type Silence } from '@tidewatch/alerts';

/** A matcher as Alertmanager's API writes it. */
export interface MatcherJson {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** A silence as Alertmanager's API shows it; times are RFC 3339. */
export interface SilenceJson {
  readonly id: string;
  readonly status: { readonly state: 'pending' | 'active' | 'expired' };
  readonly matchers: readonly MatcherJson[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly updatedAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

export function toMatcherJson({ label, operator, value }: Matcher): MatcherJson {
  return {
    name: label,
    value,
    isRegex: operator.endsWith('~'),
    isEqual: !operator.startsWith('!'),
  };
}

/** Shows a silence; one without a beginning has held since ever. */
export function toSilenceJson(silence: Silence, nowMs: number): SilenceJson {
  const { id, matchers, fromMs = 0, untilMs, comment, author = '' } = silence;
  const startsAt = new Date(fromMs).toISOString();
  return {
    id,
    status: { state: untilMs <= nowMs ? 'expired' : fromMs > nowMs ? 'pending' : 'active' },
    matchers: matchers.map(toMatcherJson),
    startsAt,
    endsAt: new Date(untilMs).toISOString(),
    updatedAt: startsAt,
    createdBy: author,
    comment,
  };
}

/** Whether a silence is one that a filter asks for: each filter matches one of its matchers. */
export function isAskedFor({ matchers }: Silence, filters: readonly Matcher[]): boolean {
  return filters.every((filter) =>
    matchers.some(({ label, value }) => label === filter.label && matchesAll([filter], { [label]: value })),
  );
}
