/** A file in which everything occurs that both take. */
export const fullConfig = `global:
  resolve_timeout: 5m
  smtp_smarthost: smtp.example.org:587
  smtp_from: watch@example.org
  smtp_require_tls: true
  slack_api_url: https://hooks.slack.com/services/x
route:
  receiver: team
  group_by: [alertname, model]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 4h
  routes:
    - receiver: oncall
      matchers: [severity="critical", 'model=~"a|b"', '{team!="x",team!~"y.*"}']
      mute_time_intervals: [night, holidays]
      active_time_intervals: [office]
      continue: true
    - match: { severity: warning }
      match_re: { model: 'a.*' }
      group_by: ['...']
receivers:
  - name: team
    webhook_configs: [{ url: 'http://127.0.0.1:1/', max_alerts: 10, send_resolved: false }]
    email_configs: [{ to: a@example.org }]
  - name: oncall
    slack_configs: [{ channel: '#alerts' }]
    pagerduty_configs: [{ routing_key: '00000000000000000000000000000000' }]
inhibit_rules:
  - source_matchers: [severity="critical"]
    target_matchers: [severity="warning"]
    equal: [model]
  - source_match: { severity: critical }
    target_match_re: { severity: 'warning|info' }
time_intervals:
  - name: office
    time_intervals:
      - { times: [{ start_time: '09:00', end_time: '18:00' }], weekdays: ['monday:friday'], location: Asia/Shanghai }
mute_time_intervals:
  - name: night
    time_intervals: [{ times: [{ start_time: '22:00', end_time: '24:00' }, { start_time: '00:00', end_time: '06:00' }] }]
  - name: holidays
    time_intervals: [{ days_of_month: ['1:3', '-2:-1'], months: ['october', '5', 'march:april'], years: ['2026:2027', '2030'] }]
`;

/** Changes of it that both refuse. Alertmanager alone takes a 13th month. */
export const faults: readonly (readonly [from: string, to: string])[] = [
  ['receiver: oncall\n', 'receiver: nobody\n'],
  ['group_by: [alertname, model]', 'group_by: [alertname, alertname]'],
  ['group_by: [alertname, model]', "group_by: ['...', model]"],
  ['group_by: [alertname, model]', "group_by: ['a-b']"],
  ['group_interval: 5m', 'group_interval: 0s'],
  ['repeat_interval: 4h', 'repeat_interval: 0s'],
  ['group_wait: 30s', 'group_wait: 30'],
  ['  receiver: team\n  group_by', '  group_by'],
  ['  receiver: team\n', '  receiver: team\n  continue: true\n'],
  ['  receiver: team\n', '  receiver: team\n  matchers: [a="b"]\n'],
  ['  receiver: team\n', '  receiver: team\n  match: { a: b }\n'],
  ['  receiver: team\n', '  receiver: team\n  mute_time_intervals: [night]\n'],
  ['  receiver: team\n', '  receiver: team\n  active_time_intervals: [night]\n'],
  ['[night, holidays]', '[nigt]'],
  ['[office]', '[offices]'],
  ['name: holidays', 'name: night'],
  ['name: oncall', 'name: team'],
  ['"a|b"', '"a|b'],
  ['"a|b"', '"a(b"'],
  ['severity="critical", ', "'severity', "],
  ["'09:00'", "'9:00'"],
  ["'18:00'", "'09:00'"],
  ['monday:friday', 'friday:monday'],
  ['monday:friday', 'mon'],
  ['1:3', '0:3'],
  ['1:3', '3:1'],
  ['-2:-1', '-2:1'],
  ['-2:-1', '-32'],
  ['march:april', 'april:march'],
  ['2026:2027', '2027:2026'],
  ['Asia/Shanghai', 'Asia/Atlantis'],
  ['equal: [model]', "equal: ['a-b']"],
  ['equal: [model]', 'equals: [model]'],
  ['max_alerts: 10', 'max_alert: 10'],
];
