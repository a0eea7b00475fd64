import type { Labels, Series } from '@tidewatch/core';
import type { InstantResult, RangeResult } from '../engine/results.ts';
import { formatGoFloat } from '../language/go-number.ts';

/** A time in seconds and a value as text: JSON has no NaN. */
type HttpPoint = readonly [seconds: number, value: string];

/** The member `data` of an answer of `/api/v1/query` and `/api/v1/query_range`. */
export type HttpData = (
  | { readonly resultType: 'scalar' | 'string'; readonly result: HttpPoint }
  | { readonly resultType: 'vector'; readonly result: readonly { metric: Labels; value: HttpPoint }[] }
  | { readonly resultType: 'matrix'; readonly result: readonly { metric: Labels; values: HttpPoint[] }[] }
) & { readonly warnings?: readonly string[]; readonly infos?: readonly string[] };

/** An answer in the shape of the Prometheus HTTP API. Empty remarks are left out. */
export function toHttpData(answer: InstantResult | RangeResult): HttpData {
  const { warnings, infos } = answer;
  return {
    ...resultOf(answer),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(infos.length === 0 ? {} : { infos }),
  };
}

function resultOf(answer: InstantResult | RangeResult): HttpData {
  switch (answer.resultType) {
    case 'scalar': {
      const { timeMs, value } = answer.result;
      return { resultType: 'scalar', result: [timeMs / 1000, formatGoFloat(value)] };
    }
    case 'string':
      return { resultType: 'string', result: [answer.result.timeMs / 1000, answer.result.value] };
    case 'vector': {
      const result = answer.result.map(({ labels, timeMs, value }) => ({
        metric: labels,
        value: [timeMs / 1000, formatGoFloat(value)] as const,
      }));
      return { resultType: 'vector', result };
    }
    case 'matrix':
    default:
      return { resultType: 'matrix', result: answer.result.map(toHttpSeries) };
  }
}

function toHttpSeries({ labels, points }: Series): { metric: Labels; values: HttpPoint[] } {
  const values = points.map(({ timeMs, value }) => [timeMs / 1000, formatGoFloat(value)] as const);
  return { metric: labels, values };
}
