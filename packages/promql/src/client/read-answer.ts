import type { Labels, Sample, Series } from '@tidewatch/core';
import { PromqlError } from '../errors.ts';

/** The samples of an instant answer; a scalar is one without labels. @throws {@link PromqlError} for anything else. */
export function readVector(data: unknown): readonly Sample[] {
  const { resultType, result } = membersOf(data);
  if (resultType === 'scalar') return [{ labels: {}, ...readPoint(result) }];
  if (resultType !== 'vector') throw unexpected('an instant vector or a scalar', resultType);
  return readList(result).map((entry) => {
    const { metric, value, histogram } = membersOf(entry);
    if (value === undefined && histogram !== undefined) throw unexpected('numbers', 'native histograms');
    return { labels: readLabels(metric), ...readPoint(value) };
  });
}

/** The series of a range answer. @throws {@link PromqlError} for anything else. */
export function readMatrix(data: unknown): readonly Series[] {
  const { resultType, result } = membersOf(data);
  if (resultType !== 'matrix') throw unexpected('a matrix', resultType);
  return readList(result).map((entry) => {
    const { metric, values, histograms } = membersOf(entry);
    if (values === undefined && histograms !== undefined) throw unexpected('numbers', 'native histograms');
    return { labels: readLabels(metric), points: readList(values).map(readPoint) };
  });
}

/** A list of label sets. @throws {@link PromqlError} for anything else. */
export function readLabelSets(data: unknown): readonly Labels[] {
  return readList(data).map(readLabels);
}

/** A list of texts. @throws {@link PromqlError} for anything else. */
export function readTexts(data: unknown): readonly string[] {
  return readList(data).map((text) => (typeof text === 'string' ? text : malformed()));
}

const WORDS: Readonly<Record<string, number>> = { '+Inf': Infinity, '-Inf': -Infinity, NaN: Number.NaN };

/** NaN only where the server says NaN: text that is no number is no value. */
function readPoint(point: unknown): { timeMs: number; value: number } {
  const [seconds, text] = readList(point);
  if (typeof seconds !== 'number' || typeof text !== 'string') return malformed();
  if (Object.hasOwn(WORDS, text)) return { timeMs: Math.round(seconds * 1000), value: WORDS[text] as number };
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? { timeMs: Math.round(seconds * 1000), value } : malformed();
}

function readLabels(metric: unknown): Labels {
  const labels = membersOf(metric);
  return Object.values(labels).every((value) => typeof value === 'string') ? (labels as Labels) : malformed();
}

function readList(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? list : malformed();
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : malformed();
}

function malformed(): never {
  throw new PromqlError('unavailable', 'prometheus: an answer that is not of the Prometheus API');
}

function unexpected(expected: string, got: unknown): PromqlError {
  return new PromqlError('execution', `prometheus: expected ${expected}, got ${String(got)}`);
}
