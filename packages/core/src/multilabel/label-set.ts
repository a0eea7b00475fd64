import { isName } from '../monitor/is-name.ts';

/** Characters of a set as text; more are no answer but a mistake, and would fill the memory while they wait. */
export const MAX_SET_LENGTH = 1_024;

/**
 * A set of classes in the order of their names, each once; a single name is a set of one.
 *
 * @returns `undefined` for anything else, and for names of more than 1,024 characters together.
 */
export function labelSet(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > MAX_SET_LENGTH || !list.every(isName)) return undefined;
  const set = [...new Set(list)].toSorted();
  return setKey(set).length <= MAX_SET_LENGTH ? set : undefined;
}

/** One text per set: waiting predictions and second labels are compared by it. */
export function setKey(set: readonly string[]): string {
  return JSON.stringify(set);
}

export function setOfKey(key: string): readonly string[] {
  return JSON.parse(key) as readonly string[];
}
