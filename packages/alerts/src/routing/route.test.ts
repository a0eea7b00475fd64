import { expect, it } from 'vitest';
import { parseMatcher } from './matcher.ts';
import { groupLabels, matchRoutes, resolveRoute } from './route.ts';

const root = resolveRoute({
  receiver: 'default',
  groupBy: ['alertname'],
  routes: [
    { receiver: 'audit', matchers: ['severity=~"critical|warning"'], continue: true },
    {
      receiver: 'oncall',
      matchers: ['severity="critical"'],
      routes: [{ receiver: 'gpu', matchers: ['area="load"'], groupBy: ['...'] }],
    },
    { receiver: 'nobody', matchers: ['severity="none"'] },
  ],
});

it.for([
  [{ severity: 'info' }, ['default'], 'no child: the parent'],
  [{ severity: 'warning' }, ['audit'], 'continue, and no other match'],
  [{ severity: 'critical' }, ['audit', 'oncall'], 'continue goes on to the siblings'],
  [{ severity: 'critical', area: 'load' }, ['audit', 'gpu'], 'the deepest node takes it'],
  [{ severity: 'criticals' }, ['default'], 'a regular expression matches the whole value'],
] as const)('%j goes to %j (%s)', ([labels, receivers]) => {
  expect(matchRoutes(root, labels).map(({ receiver }) => receiver)).toEqual(receivers);
});

it('inherits grouping, and `...` groups by every label', () => {
  const [audit, gpu] = matchRoutes(root, { severity: 'critical', area: 'load' });
  const labels = { alertname: 'A', pod: 'p' };
  expect(audit && groupLabels(audit, labels)).toEqual({ alertname: 'A' });
  expect(gpu && groupLabels(gpu, labels)).toEqual(labels);
});

it.for([
  ['severity="a\\"b"', { label: 'severity', operator: '=', value: 'a"b' }],
  ['severity!~"x|y"', { label: 'severity', operator: '!~', value: 'x|y' }],
  ['a="b\\nc"', { label: 'a', operator: '=', value: 'b\nc' }],
  ['a="b\\\\n"', { label: 'a', operator: '=', value: 'b\\n' }],
  ['a="b\\d"', { label: 'a', operator: '=', value: 'b\\d' }],
  ['severity = info', { label: 'severity', operator: '=', value: 'info' }],
] as const)('reads %s', ([text, matcher]) => {
  expect(parseMatcher(text)).toEqual(matcher);
});

it.for(['severity', '="x"', 'a=~"("'])('refuses %s', (text) => {
  expect(() => parseMatcher(text)).toThrow('matchers:');
});
