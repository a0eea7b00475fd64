import { isName } from '../monitor/is-name.ts';

/** Classes of one prediction; more are no answer but a mistake. */
const MAX_CLASSES = 1_000;

/**
 * A set of classes in the order of their names, each once; a single name is a set of one.
 *
 * @returns `undefined` for anything else, and when there are more than 1,000.
 */
export function labelSet(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > MAX_CLASSES || !list.every(isName)) return undefined;
  return [...new Set(list)].toSorted();
}

/** One text per set: waiting predictions and second labels are compared by it. */
export function setKey(set: readonly string[]): string {
  return JSON.stringify(set);
}

export function setOfKey(key: string): readonly string[] {
  return JSON.parse(key) as readonly string[];
}
