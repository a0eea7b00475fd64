import type { Labels } from '@tidewatch/core';
import { parseMatcher, splitMatchers } from '../routing/matcher.ts';

/** One step of a series: a value, none, or the mark that it has ended. */
export type SeriesStep = number | undefined | 'stale';

/** More steps than this are a mistake of writing. */
const MAX_STEPS = 1_000_000;
const NUMBER = String.raw`[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+|inf|nan)`;
const RUN = new RegExp(String.raw`^(${NUMBER})(?:([-+])(${NUMBER}))?x(\d+)$`, 'i');

/**
 * Reads promtool's notation of a series' values: `1 2 _ 3+1x4 0x10 _x5 stale NaN -Inf`.
 *
 * @throws Error for a word that is none of it.
 * @see https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series
 */
export function parseSteps(text: string): SeriesStep[] {
  const steps: SeriesStep[] = [];
  for (const word of text.trim().split(/\s+/)) {
    steps.push(...stepsOf(word));
    if (steps.length > MAX_STEPS) throw new Error(`more than ${MAX_STEPS} values`);
  }
  return steps;
}

/**
 * Reads the name and the labels of a series: `up{job="a"}`; the name becomes the label `__name__`.
 *
 * @throws Error when it is none.
 */
export function parseSeries(text: string): Labels {
  const match = /^\s*([a-zA-Z_:][\w:]*)?\s*(\{[^]*\})?\s*$/.exec(text);
  if (match === null || text.trim() === '')
    throw new Error(`expected a series such as up{job="a"}, got ${JSON.stringify(text)}`);
  const matchers = splitMatchers(match[2] ?? '').map(parseMatcher);
  const wrong = matchers.find(({ operator }) => operator !== '=');
  if (wrong !== undefined) throw new Error(`expected ${wrong.label}="…" in a series, got ${wrong.operator}`);
  const labels = Object.fromEntries(matchers.map(({ label, value }) => [label, value]));
  return match[1] === undefined ? labels : { __name__: match[1], ...labels };
}

function stepsOf(word: string): SeriesStep[] {
  if (word === '_') return [undefined];
  if (word === 'stale') return ['stale'];
  const gap = /^_x(\d+)$/.exec(word);
  if (gap !== null) return Array.from({ length: bounded(gap[1]) }, () => undefined);
  const run = RUN.exec(word);
  if (run !== null) {
    const [, start = '', sign = '+', by = '0', times] = run;
    const step = numberOf(by) * (sign === '-' ? -1 : 1);
    return Array.from({ length: bounded(times) + 1 }, (_, index) => numberOf(start) + step * index);
  }
  if (new RegExp(`^${NUMBER}$`, 'i').test(word)) return [numberOf(word)];
  throw new Error(`expected values such as "1 2+1x5 _ stale", got ${JSON.stringify(word)}`);
}

function bounded(times: string | undefined): number {
  const count = Number(times);
  if (count > MAX_STEPS) throw new Error(`more than ${MAX_STEPS} values`);
  return count;
}

function numberOf(text: string): number {
  if (/nan/i.test(text)) return Number.NaN;
  if (/inf/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}
