import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadAlertmanagerConfig } from './load-alertmanager-config.ts';
import { receiversFromConfig } from './receivers-from-config.ts';

const yaml = `global:
  smtp_smarthost: smtp.example.org:587
  smtp_from: watch@example.org
route:
  receiver: team
  group_by: [alertname]
  group_wait: 5s
  routes:
    - receiver: oncall
      matchers: [ severity="critical" ]
      repeat_interval: 1h
receivers:
  - name: team
    email_configs:
      - to: team@example.org
  - name: oncall
    dingtalk_configs:
      - url: https://robot.example/robot/send?access_token=canary
        secret: SEC-canary
        keywords: [告警]
    sms_configs:
      - access_key_id: id
        access_key_secret: key-canary
        sign_name: 潮汐
        template_code: SMS_000000000
        phone_numbers: ["+8610000000000"]
    webhook_configs:
      - url: http://127.0.0.1:1/
inhibit_rules:
  - source_matchers: [ severity="critical" ]
    target_matchers: [ severity="warning" ]
    equal: [model]
`;

it('becomes a route and channels', () => {
  const { route, receivers, inhibitRules } = receiversFromConfig(loadAlertmanagerConfig(yaml));
  expect(route).toMatchObject({
    receiver: 'team',
    groupWaitMs: 5000,
    routes: [{ receiver: 'oncall', repeatIntervalMs: 3_600_000 }],
  });
  expect(receivers['oncall']?.map(({ name }) => name)).toEqual(['webhook', 'dingtalk', 'sms']);
  expect(receivers['team']).toMatchObject([{ name: 'email', resolved: 'silent' }]);
  expect(inhibitRules).toMatchObject([{ equal: ['model'] }]);
});

it.for([
  [
    'group_wait: 5s',
    'group_wiat: 5s',
    'am.yml:7:3: route.group_wiat: unknown key "group_wiat"; did you mean "group_wait"?',
  ],
  [
    'repeat_interval: 1h',
    'repeat_intervall: 1h',
    'route.routes[0].repeat_intervall: unknown key "repeat_intervall"; did you mean "repeat_interval"?',
  ],
  [
    'webhook_configs',
    'opsgenie_configs',
    '"opsgenie_configs" is a key of Alertmanager that is not supported yet; remove it',
  ],
  [
    'receiver: oncall',
    'receiver: oncal',
    'route.routes[0].receiver: there is no receiver "oncal"; did you mean "oncall"?',
  ],
  ['group_wait: 5s', 'group_wait: 5', 'expected a duration'],
  ['severity="critical"', 'severity', 'route.routes[0].matchers: expected a matcher'],
  ['- to: team@example.org', '- from: team@example.org', 'to is missing'],
] as const)('%s → %s is refused with place and remedy', ([from, to, message]) => {
  expect(() => loadAlertmanagerConfig(yaml.replace(from, to), { source: 'am.yml' })).toThrow(message);
});

it('takes secrets from files, and not from two places', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alerts-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'secret'), 'SEC-from-file\n');
  const file = yaml.replace('secret: SEC-canary', `secret_file: ${join(folder, 'secret')}`);
  expect(receiversFromConfig(loadAlertmanagerConfig(file)).receivers['oncall']).toHaveLength(3);
  const both = yaml.replace('secret: SEC-canary', 'secret: SEC-canary\n        secret_file: x');
  expect(() => receiversFromConfig(loadAlertmanagerConfig(both))).toThrow(
    '"secret" and "secret_file" are both given',
  );
  const none = yaml.replace('secret: SEC-canary', 'secret_file: no-such-file');
  expect(() => receiversFromConfig(loadAlertmanagerConfig(none))).toThrow(
    /secret_file: cannot read "no-such-file" \(ENOENT\)/,
  );
});

it('takes a signed robot without keywords', () => {
  const config = loadAlertmanagerConfig(`route: { receiver: chat }
receivers:
  - name: chat
    dingtalk_configs: [{ url: 'https://robot.example/send?access_token=canary', secret: SEC-canary }]
`);
  expect(receiversFromConfig(config).receivers['chat']).toHaveLength(1);
});
