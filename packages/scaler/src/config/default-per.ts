import type { ThresholdPer } from './autoscaler-config.ts';

const ADDS_UP = /\b(rate|irate|increase)\s*\(|inflight|in_flight|queue/;
const DOES_NOT_ADD_UP = /\b(histogram_quantile|quantile|quantile_over_time|avg|max|min)\b\s*(by|without|\()/;

/**
 * Whether a query's value is shared by the replicas, judged by its text: a sum of rates is, a quantile, a
 * mean or a quotient is not. `per:` in the file overrides the guess.
 */
export function defaultPer(query: string): ThresholdPer {
  const startsAsSum = /^\s*\(*\s*(sum|rate|irate|increase)\b/.test(query);
  const dividesByQuery = /\/\s*[^\d\s]/.test(query.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ''));
  return startsAsSum && ADDS_UP.test(query) && !DOES_NOT_ADD_UP.test(query) && !dividesByQuery
    ? 'replica'
    : 'total';
}
