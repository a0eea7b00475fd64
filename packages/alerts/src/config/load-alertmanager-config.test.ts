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

it('makes a channel of every kind of receiver', () => {
  const config = loadAlertmanagerConfig(`global:
  slack_api_url: https://hooks.example/services/canary
  pagerduty_url: https://events.example/v2/enqueue
route: { receiver: all }
receivers:
  - name: all
    feishu_configs: [{ url: 'https://bot.example/hook/canary', secret: canary, keywords: [告警], at: [ou_1] }]
    wecom_configs: [{ url: 'https://robot.example/send?key=canary', at_mobiles: ['@all'] }]
    slack_configs: [{ channel: '#alerts', send_resolved: true }]
    pagerduty_configs: [{ routing_key: canary }]
    sms_configs:
      - provider: tencent
        secret_id: id
        secret_key: canary
        sdk_app_id: '1400000000'
        sign_name: 潮汐
        template_id: '100000'
        daily_budget: 50
        phone_numbers: ['+8610000000000']
      - { provider: twilio, account_sid: AC0, auth_token: canary, from: '+10000000000', phone_numbers: ['+8610000000000'] }
`);
  const channels = receiversFromConfig(config).receivers['all'];
  expect(channels?.map(({ name }) => name)).toEqual(['feishu', 'wecom', 'slack', 'pagerduty', 'sms', 'sms']);
});

it.for([
  [
    'provider: tencent',
    'sms_configs[0].secret_id: secret_id is missing; set "secret_id" or "secret_id_file"',
  ],
  ['provider: twilio, account_sid: A', 'auth_token is missing'],
  ['provider: huawei', 'sms_configs[0].provider'],
  ['secret_key_: x', 'unknown key "secret_key_"; did you mean "secret_key"?'],
] as const)('sms_configs with %s are refused', ([entry, message]) => {
  const yaml = `route: { receiver: all }
receivers:
  - name: all
    sms_configs: [{ ${entry}, phone_numbers: ['+8610000000000'] }]
`;
  expect(() => receiversFromConfig(loadAlertmanagerConfig(yaml))).toThrow(message);
});

it.for([
  ['route: { receiver: a, matchers: [x="y"] }', 'the root route takes every alert'],
  ['route: { receiver: a, mute_time_intervals: [t] }', 'the root route has no times of its own'],
  [
    'route: { receiver: a, routes: [{ active_time_intervals: [nigt] }] }',
    'there is no time interval "nigt"; did you mean "night"?',
  ],
  ['route: { receiver: a, group_by: [x, x] }', 'route.group_by[1]: x occurs twice'],
  ["route: { receiver: a, group_by: ['...', x] }", 'no other may stand beside it'],
  ['route: { receiver: a, repeat_interval: 0s }', 'repeat_interval cannot be zero'],
] as const)('%s is refused', ([route, problem]) => {
  const yaml = `${route}\nreceivers: [{ name: a }]\ntime_intervals: [{ name: night, time_intervals: [] }]\n`;
  expect(() => loadAlertmanagerConfig(yaml)).toThrow(problem);
});
