import { expect, it } from 'vitest';
import { filterRules, readRuleFilter } from './rule-routes.ts';

const rule = (name: string, type: string, labels = {}): object => ({
  name,
  type,
  labels,
  ...(type === 'alerting' ? { alerts: [{ state: 'firing' }] } : {}),
});

const data = {
  groups: [
    {
      name: 'page',
      file: 'a.yml',
      rules: [rule('Down', 'alerting', { severity: 'page' }), rule('rate', 'recording')],
    },
    { name: 'page', file: 'b.yml', rules: [rule('Slow', 'alerting')] },
    { name: 'empty', file: 'a.yml', rules: [] },
  ],
};

/** `group@file: rules` of what is left. */
function left(query: string): string[] {
  const filtered = filterRules(data, readRuleFilter(new URLSearchParams(query))) as typeof data;
  return filtered.groups.map(({ name, file, rules }) => {
    const names = (rules as { name: string }[]).map((each) => each.name);
    return `${name}@${file}: ${names.join(' ')}`;
  });
}

it.for([
  // asked                              left                                          why the row is here
  ['', ['page@a.yml: Down rate', 'page@b.yml: Slow']], //                               a group without rules is none
  ['type=alert', ['page@a.yml: Down', 'page@b.yml: Slow']],
  ['type=RECORD', ['page@a.yml: rate']], //                                             in any case
  ['rule_name[]=Down&rule_name[]=Slow', ['page@a.yml: Down', 'page@b.yml: Slow']],
  ['rule_group[]=page&file[]=b.yml', ['page@b.yml: Slow']], //                          all conditions together
  ['rule_group[]=none', []],
  ['match[]={severity="page"}', ['page@a.yml: Down']], //                               the rule's own labels
  ['match[]={severity="page"}&match[]={severity=~".%2B"}', ['page@a.yml: Down']],
] as const)('%s → %j', ([query, expected]) => {
  expect(left(query)).toEqual(expected);
});

it('leaves the alerts of the rules out when asked', () => {
  const filter = readRuleFilter(new URLSearchParams('exclude_alerts=true&rule_name[]=Down'));
  expect(filterRules(data, filter)).toMatchObject({ groups: [{ rules: [{ name: 'Down', alerts: null }] }] });
});

it('passes on what has no groups', () => {
  const filter = readRuleFilter(new URLSearchParams());
  expect(filterRules('nothing', filter)).toBe('nothing');
});
