import type { RuleFile, RuleGroup } from './rule.ts';

/**
 * The files without a group that is there twice, such as a file that two patterns match. Another group of the same
 * name and source, such as of two inline texts, gets a source of its own: alerts are kept by source and name.
 */
export function distinctGroups(files: readonly RuleFile[]): RuleFile[] {
  const known = new Map<string, string>();
  const keyOf = ({ source, name }: RuleGroup): string => `${source};${name}`;

  function placed(group: RuleGroup): readonly RuleGroup[] {
    const text = JSON.stringify(group.rules);
    for (let number = 1; ; number++) {
      const here = number === 1 ? group : { ...group, source: `${group.source}#${number}` };
      const there = known.get(keyOf(here));
      if (there === text) return [];
      if (there !== undefined) continue;
      known.set(keyOf(here), text);
      return [here];
    }
  }

  return files.map((file) => ({ ...file, groups: file.groups.flatMap(placed) }));
}
