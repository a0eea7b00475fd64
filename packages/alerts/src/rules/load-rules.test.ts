import { ConfigError } from '@tidewatch/core';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { distinctGroups } from './distinct-groups.ts';
import { loadRules } from './load-rules.ts';
import { defaultRulesYaml } from './default-rules.ts';

const article = `groups:
- name: classification
  rules:
  - alert: 分类准确率下降
    expr: avg_over_time(classification_accuracy[5m]) < 0.85
    for: 10m
    labels:
      severity: critical
    annotations:
      summary: "分类准确率下降"
      description: "过去5分钟平均准确率为 {{ $value }}"
`;

it('reads the rule file of the article as printed', () => {
  const [group] = loadRules(article, { source: 'alert_rules.yml' }).groups;
  expect(group).toMatchObject({ name: 'classification', source: 'alert_rules.yml', limit: 0 });
  expect(group?.rules[0]).toMatchObject({
    kind: 'alert',
    name: '分类准确率下降',
    forMs: 600_000,
    labels: { severity: 'critical' },
  });
});

it.for([
  [
    ['    for: 10m', '    forr: 10m'],
    'rules.yml:6:5: groups[0].rules[0].forr: unknown key "forr"; did you mean "for"?',
  ],
  [
    ['for: 10m', 'for: ten'],
    'rules.yml:6:5: groups[0].rules[0].for: expected a duration such as "10m" or "1h30m", got "ten"',
  ],
  [
    ['    expr: avg_over_time(classification_accuracy[5m]) < 0.85\n', ''],
    'rules.yml:4:5: groups[0].rules[0].expr: expr is missing',
  ],
  [['severity: critical', '__name__: x'], '"__name__" is not a legal label name'],
  [['{{ $value }}', '{{ $vaule }}'], 'undefined variable "$vaule"'],
  [['{{ $value }}', '{{ nosuch }}'], 'function "nosuch" not defined'],
  [['  rules:', '  rules: 5\n  x:'], 'expected a list, got a text'],
  [['- alert:', '- record: a\n    alert:'], 'a rule is "alert" or "record", not both'],
  [['groups:', 'groups: ['], 'rules.yml:'],
] as const)('%j is refused with place and remedy', ([[from, to], message]) => {
  expect(() => loadRules(article.replace(from, to), { source: 'rules.yml' })).toThrow(message);
});

it('reports what the expression parser throws, with the place of the rule', () => {
  const parse = (): never => {
    throw new Error('unexpected "<"');
  };
  expect(() => loadRules(article, { source: 'r.yml', parse })).toThrow(
    'r.yml:5:5: groups[0].rules[0].expr: not a PromQL expression: unexpected "<"',
  );
});

it('names a file that cannot be read', () => {
  expect(() => loadRules('no-such-folder/alert_rules.yml')).toThrow(ConfigError);
  expect(() => loadRules('no-such-folder/alert_rules.yml')).toThrow('ENOENT');
});

it('reads the files of a pattern, each group with its own file, and names a pattern without files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-rules-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [first, second] = [join(folder, 'a.yml'), join(folder, 'b[1].yml')];
  await writeFile(first, article);
  await writeFile(second, article);
  await writeFile(join(folder, 'notes.txt'), 'no rules');
  expect(loadRules(join(folder, '*.yml')).groups).toMatchObject([
    { name: 'classification', source: first },
    { name: 'classification', source: second },
  ]);
  expect(loadRules(second).groups).toHaveLength(1);
  expect(() => loadRules(join(folder, '*.yaml'))).toThrow('*.yaml: no file matches');
  await writeFile(first, 'groups: 5');
  expect(() => loadRules(join(folder, '*.yml'))).toThrow(`${first}:1:1`);
});

it('keeps a group that is there twice once, and two of one name apart', () => {
  const file = loadRules(article);
  const other = loadRules(article.replace('0.85', '0.9'));
  const [a, b, c] = distinctGroups([file, loadRules(article), other]);
  expect([a?.groups.length, b?.groups.length]).toEqual([1, 0]);
  expect(c?.groups).toMatchObject([{ source: 'inline YAML#2' }]);
});

it.for(['zh-CN', 'en'] as const)('the default rules in %s are a legal rule file', (locale) => {
  const { groups } = loadRules(defaultRulesYaml(locale));
  expect(groups.flatMap(({ rules }) => rules.map(({ name }) => name))).toEqual([
    'ClassificationAccuracyDropped',
    'ClassificationLabelsMissing',
    'ClassificationDriftDetected',
    'GpuUtilizationHigh',
    'ClassificationLatencyHigh',
    'ClassificationErrorsHigh',
    'IdleReplicas',
    'RuleEvaluationsFailing',
    'NotificationsLost',
    'Watchdog',
  ]);
});
