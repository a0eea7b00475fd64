import type { Labels } from '@tidewatch/core';
import { matchesAll, type Matcher } from './matcher.ts';

/** While a source alert fires, target alerts with equal values of the `equal` labels are not told. */
export interface InhibitRule {
  readonly sourceMatchers: readonly Matcher[];
  readonly targetMatchers: readonly Matcher[];
  /** Labels that must agree; an absent label equals an absent label. */
  readonly equal: readonly string[];
}

/** The labels of a firing alert that keeps another one quiet, or `undefined`. */
export type Inhibition = (labels: Labels) => Labels | undefined;

/** Sources of one rule that agree in the `equal` labels: any of them, and any that is no target itself. */
interface Sources {
  readonly any: Labels;
  pure: Labels | undefined;
}

/**
 * Looks up who keeps whom quiet: made once for all that fires, then each question costs no walk through it.
 *
 * An alert that is source and target of one rule does not inhibit itself or its like, as in Alertmanager.
 */
export function inhibitionOf(firing: Iterable<Labels>, rules: readonly InhibitRule[]): Inhibition {
  if (rules.length === 0) return () => undefined;
  const indexes = rules.map((): Map<string, Sources> => new Map());
  for (const labels of firing) {
    for (const [place, { sourceMatchers, targetMatchers, equal }] of rules.entries()) {
      if (!matchesAll(sourceMatchers, labels)) continue;
      const pure = matchesAll(targetMatchers, labels) ? undefined : labels;
      const key = keyOf(labels, equal);
      const known = indexes[place]?.get(key);
      if (known === undefined) indexes[place]?.set(key, { any: labels, pure });
      else known.pure ??= pure;
    }
  }
  return (labels) => {
    for (const [place, { sourceMatchers, targetMatchers, equal }] of rules.entries()) {
      const sources = indexes[place]?.get(keyOf(labels, equal));
      if (sources === undefined || !matchesAll(targetMatchers, labels)) continue;
      const source = matchesAll(sourceMatchers, labels) ? sources.pure : sources.any;
      if (source !== undefined) return source;
    }
    return undefined;
  };
}

function keyOf(labels: Labels, equal: readonly string[]): string {
  return JSON.stringify(equal.map((name) => labels[name] ?? ''));
}
