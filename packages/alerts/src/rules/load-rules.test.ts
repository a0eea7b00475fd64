import { ConfigError } from '@tidewatch/core';
import { expect, it } from 'vitest';
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
