import { isIP } from 'node:net';
import type { Vector } from '@tidewatch/core';
import { RE2JS } from 're2js';
import { parseDurationMs } from '../rules/duration.ts';
import { queryEscape, textOf } from './builtin-functions.ts';
import type { TemplateFunction } from './function-table.ts';
import {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
} from './humanize.ts';
import { GoTime } from './timestamp.ts';
import { isList, printValue, QueryResult, typeName, type Value } from './value.ts';

/** What the functions of a template may know about the world. */
export interface TemplateEnvironment {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** Where people reach the rule page; templates see it as `externalURL`. @defaultValue '' */
  readonly externalUrl?: string;
  /** Answers `query "…"`; throws when it cannot. */
  readonly query?: (expr: string) => Vector;
}

/**
 * The functions that Prometheus adds to rule templates.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/template_reference/
 */
export function prometheusFunctions(environment: TemplateEnvironment): ReadonlyMap<string, TemplateFunction> {
  const { nowMs, externalUrl = '', query } = environment;
  const table: Record<string, (...args: Value[]) => Value> = {
    query: (expr) => runQuery(textOf(expr), query),
    first: (results) => resultsOf(results)[0] ?? fail('first() called on vector with no elements'),
    label: (name, result) => resultOf(result).labels.get(textOf(name)) ?? '',
    value: (result) => resultOf(result).value,
    strvalue: (result) => resultOf(result).labels.get('__value__') ?? '',
    sortByLabel: (name, results) => sortByLabel(textOf(name), resultsOf(results)),
    humanize: (value) => humanize(floatOf(value)),
    humanize1024: (value) => humanize1024(floatOf(value)),
    humanizeDuration: (value) => humanizeDuration(floatOf(value)),
    humanizePercentage: (value) => humanizePercentage(floatOf(value)),
    humanizeTimestamp: (value) => humanizeTimestamp(floatOf(value)),
    toTime: (value) => new GoTime(Math.trunc(floatOf(value) * 1000)),
    now: () => nowMs / 1000,
    parseDuration: (text) =>
      (parseDurationMs(textOf(text)) ?? fail(`not a valid duration string: "${printValue(text)}"`)) / 1000,
    match: (pattern, text) => compile(textOf(pattern), '').matcher(textOf(text)).find(),
    reReplaceAll: (pattern, replacement, text) =>
      reReplaceAll(textOf(pattern), textOf(replacement), textOf(text)),
    title: (text) => title(textOf(text)),
    toUpper: (text) => textOf(text).toUpperCase(),
    toLower: (text) => textOf(text).toLowerCase(),
    safeHtml: (text) => textOf(text),
    graphLink: (expr) => `/graph?g0.expr=${queryEscape(textOf(expr))}&g0.tab=0`,
    tableLink: (expr) => `/graph?g0.expr=${queryEscape(textOf(expr))}&g0.tab=1`,
    stripPort: (host) => splitPort(textOf(host)).host,
    stripDomain: (host) => stripDomain(textOf(host)),
    pathPrefix: () => externalPath(externalUrl),
    externalURL: () => externalUrl,
    urlQueryEscape: (text) => queryEscape(textOf(text)),
  };
  const functions = Object.entries(table).map(([name, call]): [string, TemplateFunction] => [
    name,
    {
      min: call.length,
      max: call.length,
      call,
      isTextual: textual.has(name),
      ...(name in costs ? { cost: costs[name] } : {}),
    },
  ]);
  const args = (...values: Value[]): Value => new Map(values.map((value, index) => [`arg${index}`, value]));
  return new Map([...functions, ['args', { min: 0, max: Number.POSITIVE_INFINITY, call: args }]]);
}

/** Those of which every parameter is a string. */
const textual = new Set(
  'query match reReplaceAll title toUpper toLower safeHtml graphLink tableLink stripPort stripDomain parseDuration urlQueryEscape'.split(
    ' ',
  ),
);

/** Every character of the text may be held against every part of the pattern; writing anew is dearer than looking. */
function regexCost(factor: number, pattern?: Value, ...texts: readonly Value[]): number {
  if (typeof pattern !== 'string') return 0;
  const repeats = pattern.match(/\{\d+(?:,\d*)?\}/g) ?? [];
  const parts = repeats.reduce((sum, repeat) => sum * Math.max(1, Number.parseInt(repeat.slice(1), 10)), 1);
  const characters = texts.reduce<number>(
    (sum, text) => sum + (typeof text === 'string' ? text.length : 0),
    0,
  );
  return factor * (pattern.length + parts) * (characters + 16);
}

const costs: Readonly<Record<string, (...args: Value[]) => number>> = {
  match: (...args) => regexCost(8, ...args),
  // The text that is put in is copied, not looked through.
  reReplaceAll: (pattern, _, text) => regexCost(32, pattern, text),
};

function fail(problem: string): never {
  throw new Error(problem);
}

function runQuery(expr: string, query: TemplateEnvironment['query']): Value {
  if (query === undefined) return fail('queries are not available here');
  return query(expr).map(({ labels, value }) => new QueryResult(new Map(Object.entries(labels)), value));
}

function resultsOf(value: Value): readonly QueryResult[] {
  const isResults = isList(value) && value.every((item) => item instanceof QueryResult);
  if (!isResults) return fail(`wrong type for value; expected template.queryResult; got ${typeName(value)}`);
  return value;
}

function resultOf(value: Value): QueryResult {
  if (value instanceof QueryResult) return value;
  return fail(`wrong type for value; expected template.sample; got ${typeName(value)}`);
}

function sortByLabel(name: string, results: readonly QueryResult[]): Value {
  return results.toSorted((a, b) => {
    const [left, right] = [a.labels.get(name) ?? '', b.labels.get(name) ?? ''];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

function floatOf(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return fail(`can't convert ${typeName(value)} to float`);
  const special: Record<string, number> = {
    inf: Infinity,
    '+inf': Infinity,
    '-inf': -Infinity,
    nan: Number.NaN,
  };
  const number =
    special[value.toLowerCase()] ?? (value.trim() === value && value !== '' ? Number(value) : Number.NaN);
  const isNumber = !Number.isNaN(number) || value.toLowerCase() === 'nan';
  return isNumber ? number : fail(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`);
}

/** Compiled patterns: a template may ask for one in a loop. */
const compiled = new Map<string, RE2JS>();
const MAX_COMPILED = 100;

/** RE2, as Go has it: linear time, so that a pattern from a file cannot hang the host. */
function compile(pattern: string, prefix: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  try {
    const regex = RE2JS.compile(pattern);
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(pattern, regex);
    return regex;
  } catch (error) {
    return fail(prefix + (error as Error).message);
  }
}

function reReplaceAll(pattern: string, replacement: string, text: string): string {
  const regex = compile(pattern, `regexp: Compile(\`${pattern}\`): `);
  const matcher = regex.matcher(text);
  let output = '';
  let last = 0;
  while (matcher.find()) {
    output += text.slice(last, matcher.start());
    output += replacement.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
      const name = braced ?? bare;
      if (name === undefined) return whole === '$$' ? '$' : whole;
      return groupOf(matcher, name);
    });
    last = matcher.end();
  }
  return output + text.slice(last);
}

function groupOf(matcher: { group(group: string | number): string | null }, name: string): string {
  try {
    return matcher.group(/^\d+$/.test(name) ? Number(name) : name) ?? '';
  } catch {
    return ''; // Go expands an unknown group to nothing
  }
}

/** A run of letters, digits and signs that join them, such as `12.35k`. */
const WORD = /[\p{L}\p{N}\p{M}\p{Pc}]+(?:[.:\u00B7][\p{L}\p{N}\p{M}\p{Pc}]+)*/gu;

/** The first letter of each word as a capital; the others stay. */
function title(text: string): string {
  return text.replaceAll(WORD, (word) => word.replace(/\p{L}/u, (letter) => letter.toUpperCase()));
}

function splitPort(address: string): { host: string; port: string | undefined } {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(address);
  if (match === null) return { host: address, port: undefined };
  return { host: match[1] ?? match[2] ?? '', port: match[3] };
}

function stripDomain(address: string): string {
  const { host, port } = splitPort(address);
  if (isIP(host) !== 0) return address;
  const short = host.split('.')[0] ?? '';
  return port === undefined ? short : `${short}:${port}`;
}

function externalPath(externalUrl: string): string {
  return URL.canParse(externalUrl) ? new URL(externalUrl).pathname.replace(/\/$/, '') : '';
}
