import type { Labels } from '@tidewatch/core';
import { matchesAll, type Matcher } from './matcher.ts';

/** While a source alert fires, target alerts with equal values of the `equal` labels are not told. */
export interface InhibitRule {
  readonly sourceMatchers: readonly Matcher[];
  readonly targetMatchers: readonly Matcher[];
  /** Labels that must agree; an absent label equals an absent label. */
  readonly equal: readonly string[];
}

/**
 * The labels of a firing alert that keeps this one quiet, or `undefined`.
 *
 * An alert that is source and target of one rule does not inhibit itself, as in Alertmanager.
 */
export function inhibitedBy(
  labels: Labels,
  firing: readonly Labels[],
  rules: readonly InhibitRule[],
): Labels | undefined {
  for (const { sourceMatchers, targetMatchers, equal } of rules) {
    if (!matchesAll(targetMatchers, labels)) continue;
    const isSourceToo = matchesAll(sourceMatchers, labels);
    const source = firing.find(
      (candidate) =>
        matchesAll(sourceMatchers, candidate) &&
        equal.every((name) => (candidate[name] ?? '') === (labels[name] ?? '')) &&
        !(isSourceToo && matchesAll(targetMatchers, candidate)),
    );
    if (source !== undefined) return source;
  }
  return undefined;
}
