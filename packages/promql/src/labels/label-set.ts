import type { Labels } from '@tidewatch/core';
import { compareBytes } from './byte-order.ts';

/** The labels of one series: names in byte order, no empty values, and a text that equal sets share. */
export interface LabelSet {
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** Equal exactly when the sets are equal, whatever characters the values hold. */
  readonly key: string;
}

export const METRIC_NAME = '__name__';

/** The set without labels. */
export const NO_LABELS: LabelSet = { names: [], values: [], key: '' };

/** A label set of these pairs. A later pair replaces an earlier one; an empty value means the label is absent. */
export function labelSet(pairs: Iterable<readonly [name: string, value: string]>): LabelSet {
  const sorted = [...new Map(pairs)]
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => compareBytes(a, b));
  return fromSorted(
    sorted.map(([name]) => name),
    sorted.map(([, value]) => value),
  );
}

/** As {@link labelSet}, without its allocations: every sample of every collect comes through here. */
export function fromLabels(labels: Labels): LabelSet {
  const names = Object.keys(labels);
  for (let at = names.length - 1; at >= 0; at--) {
    if (labels[names[at] as string] === '') names.splice(at, 1);
  }
  names.sort(compareBytes);
  return fromSorted(
    names,
    names.map((name) => labels[name] as string),
  );
}

/** A plain object, safe for a label named `__proto__`. */
export function toLabels(set: LabelSet): Labels {
  // Assigning makes objects of one shape, a tenth of the time of Object.fromEntries.
  const labels: Record<string, string> = {};
  for (let at = 0; at < set.names.length; at++) {
    const name = set.names[at] as string;
    if (name === '__proto__')
      return Object.fromEntries(set.names.map((each, i) => [each, set.values[i] ?? '']));
    labels[name] = set.values[at] as string;
  }
  return labels;
}

/** The value of a label; empty when it is absent, which PromQL does not distinguish. */
export function labelOf(set: LabelSet, name: string): string {
  const at = set.names.indexOf(name);
  return at < 0 ? '' : (set.values[at] ?? '');
}

/** Only these labels. */
export function keepLabels(set: LabelSet, names: ReadonlySet<string>): LabelSet {
  return filterLabels(set, (name) => names.has(name));
}

/** All but these labels. */
export function dropLabels(set: LabelSet, names: ReadonlySet<string>): LabelSet {
  return filterLabels(set, (name) => !names.has(name));
}

/** The set with one label set, or removed when the value is empty. */
export function withLabel(set: LabelSet, name: string, value: string): LabelSet {
  if (labelOf(set, name) === value) return set;
  const names = [...set.names];
  const values = [...set.values];
  const known = names.indexOf(name);
  const after = names.findIndex((each) => compareBytes(each, name) > 0);
  const at = known >= 0 ? known : after >= 0 ? after : names.length;
  const added = value === '' ? [] : [at];
  const replaced = known >= 0 ? 1 : 0;
  names.splice(at, replaced, ...added.map(() => name));
  values.splice(at, replaced, ...added.map(() => value));
  return fromSorted(names, values);
}

/** Order of series in an answer: name by name, value by value, in bytes. */
export function compareLabelSets(a: LabelSet, b: LabelSet): number {
  const length = Math.min(a.names.length, b.names.length);
  for (let at = 0; at < length; at++) {
    const byName = compareBytes(a.names[at] ?? '', b.names[at] ?? '');
    if (byName !== 0) return byName;
    const byValue = compareBytes(a.values[at] ?? '', b.values[at] ?? '');
    if (byValue !== 0) return byValue;
  }
  return a.names.length - b.names.length;
}

const METADATA: ReadonlySet<string> = new Set([METRIC_NAME, '__type__', '__unit__']);
const nameless = new WeakMap<LabelSet, LabelSet>();

/** The set without metric name, type and unit: a rate of a counter is no longer that counter. */
export function withoutName(set: LabelSet): LabelSet {
  let stripped = nameless.get(set);
  if (stripped === undefined) {
    stripped = dropLabels(set, METADATA);
    nameless.set(set, stripped);
  }
  return stripped;
}

/** `{__name__="up", job="api"}`, for error messages. */
export function describeLabels(set: LabelSet): string {
  return `{${set.names.map((name, at) => `${name}=${JSON.stringify(set.values[at])}`).join(', ')}}`;
}

function filterLabels(set: LabelSet, keeps: (name: string) => boolean): LabelSet {
  const names: string[] = [];
  const values: string[] = [];
  for (let at = 0; at < set.names.length; at++) {
    const name = set.names[at] as string;
    if (!keeps(name)) continue;
    names.push(name);
    values.push(set.values[at] as string);
  }
  return names.length === set.names.length ? set : fromSorted(names, values);
}

function fromSorted(names: readonly string[], values: readonly string[]): LabelSet {
  if (names.length === 0) return NO_LABELS;
  // Lengths in front: no value can imitate a boundary.
  let key = '';
  for (let at = 0; at < names.length; at++) {
    const name = names[at] as string;
    const value = values[at] as string;
    key += `${name.length}:${name}${value.length}:${value}`;
  }
  return { names, values, key };
}
