import type { Labels, Series } from '@tidewatch/core';
import { pointColumnsOf } from '../engine/point-columns.ts';
import type { InstantResult, RangeResult } from '../engine/results.ts';
import { formatGoFixed, formatGoFloat } from '../language/go-number.ts';
import { quoteLabel, quoteText, writeTime } from './go-json.ts';

/** A long series is written in several pieces. */
const CHARACTERS_A_PIECE = 16_384;

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
    default: {
      const texts = new TimeTexts();
      yield* writeList(answer.result, (series) => writeSeries(series, texts));
    }
  }
  yield '}';
}

/** The texts of the times that series of one answer share. */
class TimeTexts {
  #times: Float64Array | undefined;
  #texts: string[] = [];

  of(times: Float64Array, at: number): string {
    if (times !== this.#times) [this.#times, this.#texts] = [times, []];
    return (this.#texts[at] ??= writeTime(times[at] as number));
  }
}

function* writeSeries(series: Series, texts: TimeTexts): Generator<string, void> {
  const { times, values, present } = pointColumnsOf(series);
  let piece = `{"metric":${writeLabels(series.labels)},"values":[`;
  let before = '';
  for (const [at, value] of values.entries()) {
    if (present?.[at] === 0) continue;
    piece += `${before}[${texts.of(times, at)},"${formatGoFloat(value)}"]`;
    before = ',';
    if (piece.length < CHARACTERS_A_PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]}`;
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
