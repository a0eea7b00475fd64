import type { Labels, Series } from '@tidewatch/core';
import type { InstantResult, RangeResult } from '../engine/results.ts';
import { formatGoFixed, formatGoFloat } from '../language/go-number.ts';
import { quoteLabel, quoteText, writeTime } from './go-json.ts';

/** Points of one series that are written as one piece. */
const POINTS_A_PIECE = 500;

/** The member `data` of an answer of `query` and `query_range`, in pieces, byte for byte as Prometheus writes it. */
export function* writeAnswer(answer: InstantResult | RangeResult): Generator<string, void> {
  yield `{"resultType":"${answer.resultType}","result":`;
  switch (answer.resultType) {
    case 'scalar': {
      const { timeMs, value } = answer.result;
      // Otherwise than a sample: never an exponent, and the time as any number.
      yield `[${timeMs / 1000},"${formatGoFixed(value)}"]`;
      break;
    }
    case 'string':
      yield `[${answer.result.timeMs / 1000},${quoteText(answer.result.value)}]`;
      break;
    case 'vector':
      yield* writeList(answer.result, function* writeSample({ labels, timeMs, value }) {
        yield `{"metric":${writeLabels(labels)},"value":[${writeTime(timeMs)},"${formatGoFloat(value)}"]}`;
      });
      break;
    case 'matrix':
    default:
      yield* writeList(answer.result, writeSeries);
  }
  yield '}';
}

function* writeSeries({ labels, points }: Series): Generator<string, void> {
  yield `{"metric":${writeLabels(labels)},"values":[`;
  for (let from = 0; from < points.length; from += POINTS_A_PIECE) {
    const texts = points
      .slice(from, from + POINTS_A_PIECE)
      .map(({ timeMs, value }) => `[${writeTime(timeMs)},"${formatGoFloat(value)}"]`);
    yield (from === 0 ? '' : ',') + texts.join(',');
  }
  yield ']}';
}

/** Label sets as `series` lists them, in pieces. */
export function* writeLabelSets(sets: readonly Labels[]): Generator<string, void> {
  yield* writeList(sets, function* writeSet(labels) {
    yield writeLabels(labels);
  });
}

function* writeList<T>(
  entries: readonly T[],
  write: (entry: T) => Iterable<string>,
): Generator<string, void> {
  yield '[';
  for (const [at, entry] of entries.entries()) {
    if (at > 0) yield ',';
    yield* write(entry);
  }
  yield ']';
}

function writeLabels(labels: Labels): string {
  const members = Object.entries(labels).map(([name, value]) => `${quoteLabel(name)}:${quoteLabel(value)}`);
  return `{${members.join(',')}}`;
}
