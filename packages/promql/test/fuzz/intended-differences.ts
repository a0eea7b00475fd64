import type { Answer } from './compare-answers.ts';
import type { FuzzQuery } from './random-query.ts';

interface IntendedDifference {
  readonly name: string;
  readonly reason: string;
  isMeant(query: FuzzQuery, ours: Answer, theirs: Answer): boolean;
}

/** Where Tidewatch follows Prometheus 3.14 and the reference of this comparison, 3.5, does not yet. */
const INTENDED: readonly IntendedDifference[] = [
  {
    name: 'merges series',
    reason: 'since 3.6, series that become equal and never share a step are one series, not an error',
    isMeant: ({ stepMs, expr }, ours, theirs) =>
      (stepMs !== undefined || expr.includes(':')) &&
      'data' in ours &&
      'error' in theirs &&
      theirs.error.includes('same labelset'),
  },
  {
    name: 'many-to-one is an error',
    reason: 'since 3.6, an ambiguous match fails even if the comparison filters every pair',
    isMeant: ({ expr }, ours, theirs) =>
      'error' in ours && 'data' in theirs && /[<>=]/.test(expr) && ours.error.includes('multiple matches'),
  },
  {
    name: 'last_over_time of a dropped name',
    reason: 'since 3.6, last_over_time over a subquery does not bring back a name that delayed removal took',
    isMeant: ({ expr }, ours, theirs) =>
      expr.includes('last_over_time(') && expr.includes(':') && hasName(theirs) && !hasName(ours),
  },
  {
    name: 'topk of NaN',
    reason: 'since 3.6, a parameter of NaN fails even over an empty vector',
    isMeant: ({ expr }, ours, theirs) =>
      /\b(?:topk|bottomk)\b/.test(expr) && 'error' in ours && 'data' in theirs && ours.error.includes('NaN'),
  },
];

/** The name of the intended difference that explains these two answers, if one does. */
export function intendedDifference(query: FuzzQuery, ours: Answer, theirs: Answer): string | undefined {
  return INTENDED.find(({ isMeant }) => isMeant(query, ours, theirs))?.name;
}

function hasName(answer: Answer): boolean {
  return 'data' in answer && JSON.stringify(answer.data.result).includes('"__name__"');
}
