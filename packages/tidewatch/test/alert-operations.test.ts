import { loadRules } from '@tidewatch/alerts';
import { manualClock, type ManualClock } from '@tidewatch/core/testing';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../src/command/run-command.ts';
import { startCatService } from './cat-service.ts';

const START = Date.parse('2026-11-23T12:00:00Z');

const rules = loadRules(`groups:
  - name: cats
    interval: 1s
    rules:
      - { alert: LowAccuracy, expr: vector(0.5), labels: { severity: critical } }
      - { alert: Slow, expr: vector(2), for: 10m }
      - { alert: Never, expr: vector(1) > 2 }
`);

/** A service in which one alert fires and one is pending, and the commands that look at it. */
async function start(options: Parameters<typeof startCatService>[0] = {}) {
  const clock = manualClock(START);
  const told: string[] = [];
  const service = await startCatService({
    clock,
    alerting: {
      rules,
      metaAlerts: 'off',
      route: { receiver: 'team', groupWaitMs: 0, groupIntervalMs: 60_000, repeatIntervalMs: 120_000 },
      receivers: {
        team: [
          {
            name: 'robot',
            send: async ({ status, alerts }) => {
              told.push(...alerts.map(({ labels }) => `${labels['alertname']} ${status}`));
              return { status: 'sent' };
            },
          },
        ],
      },
    },
    ...options,
  });
  await service.watch.alerting.evaluate(START);
  const run = async (...args: string[]) => command(clock, service.url, args);
  return { ...service, clock, told, run };
}

async function command(clock: ManualClock, url: string, args: readonly string[], env = {}) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const status = await runCommand(args, {
    stdout: (line) => void stdout.push(line),
    stderr: (line) => void stderr.push(line),
    env: { TIDEWATCH_URL: url, USER: 'li', ...env },
    clock,
  });
  return { status, stdout: stdout.join('\n'), stderr: stderr.join('\n') };
}

describe('tidewatch alerts explain', () => {
  it('lists what there is, and what stands in its way', async () => {
    const { run } = await start();
    const { status, stdout } = await run('alerts', 'explain');
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^FINGERPRINT\s+STATE\s+SINCE\s+ALERT\s+NOW\s+LABELS$/),
      expect.stringMatching(
        /^[0-9a-f]{16} {2}firing {3}2026-11-23T12:00:00Z {2}LowAccuracy {2}send: accepted by the service +severity=critical$/,
      ),
      expect.stringMatching(/ pending {2}2026-11-23T12:00:00Z {2}Slow .*evaluate: the condition holds/),
      '',
      'tidewatch alerts explain FINGERPRINT shows the whole way of one',
    ]);
  });

  it('shows the whole way of one, each stage with its reason', async () => {
    const { run } = await start();
    const { status, stdout } = await run(
      'alerts',
      'explain',
      '--labels',
      'alertname=~"Low.*",severity=critical',
    );
    expect(status).toBe(0);
    const [title, ...lines] = stdout.split('\n').map((line) => line.trim());
    expect(title).toBe('LowAccuracy: firing since 2026-11-23T12:00:00Z');
    expect(lines.slice(4).map((line) => line.split(/ {2,}/))).toEqual([
      ['STAGE', 'WHERE', 'WHEN', 'WHY'],
      ['evaluate', 'LowAccuracy', '2026-11-23T12:00:00Z', 'the condition has held for as long as "for" says'],
      ['route', 'team', '2026-11-23T12:00:00Z', 'its labels match a route to this receiver'],
      [
        'group',
        expect.any(String),
        '2026-11-23T12:01:00Z',
        'the group speaks again at this time, if there is news',
      ],
      ['inhibit', '-', '2026-11-23T12:00:00Z', 'no other alert keeps it quiet'],
      ['silence', '-', '2026-11-23T12:00:00Z', 'no silence matches it'],
      ['dedup', 'team', '2026-11-23T12:00:00Z', 'the group was told of for the first time'],
      ['limiter', '-', '-', 'no message waits'],
      ['send', 'robot', '2026-11-23T12:00:00Z', 'accepted by the service'],
    ]);
  });

  it('shows a pending one by its fingerprint, in the language asked for, and as JSON', async () => {
    const { run, watch } = await start();
    const { fingerprint = '' } = watch.alerting.alerts().find(({ name }) => name === 'Slow') ?? {};
    const { stdout } = await run('alerts', 'explain', fingerprint, '--lang', 'zh-CN');
    expect(stdout).toContain('Slow:等待中 自 2026-11-23T12:00:00Z');
    expect(stdout).toMatch(/evaluate +Slow +2026-11-23T12:10:00Z +条件成立;若持续到该时刻则触发/);
    expect(stdout).toMatch(/send +- +- +尚未到达/);
    const json = JSON.parse((await run('alerts', 'explain', fingerprint, '--json')).stdout);
    expect(json).toMatchObject({ alerts: [{ fingerprint, steps: [{ reason: 'waits-for-its-time' }] }] });
  });

  it('says why an alert is not there', async () => {
    const { run } = await start();
    const { status, stdout } = await run('alerts', 'explain', '--labels', 'alertname=Never');
    expect(status).toBe(1);
    expect(stdout).toBe(
      [
        'there is no such alert, neither pending nor firing nor ended lately',
        'rule Never: its expression gave no series for such an alert at 2026-11-23T12:00:00Z: vector(1) > 2',
      ].join('\n'),
    );
    expect((await run('alerts', 'explain', 'ffffffffffffffff')).status).toBe(1);
  });
});

describe('tidewatch alerts silence', () => {
  it('keeps an alert quiet until it is ended', async () => {
    const { run, watch, told, clock } = await start();
    const added = await run('alerts', 'silence', 'add', 'LowAccuracy', '--for', '2h', '--comment', 'known');
    expect(added).toEqual({
      status: 0,
      stdout: 'silence-1: until 2026-11-23T14:00:00Z; alerts that fire now and match: 1',
      stderr: '',
    });
    expect((await run('alerts', 'silence', 'list')).stdout.split('\n')).toEqual([
      'ID         STATE   UNTIL                 AUTHOR  MATCHERS                 COMMENT',
      'silence-1  active  2026-11-23T14:00:00Z  li      alertname="LowAccuracy"  known',
    ]);
    expect((await run('alerts', 'explain')).stdout).toContain('silence: this silence keeps it quiet');
    expect(told).toEqual(['LowAccuracy firing']);
    await clock.advance(300_000);
    expect(told).toEqual(['LowAccuracy firing']); // repeat_interval is 2 minutes

    expect((await run('alerts', 'silence', 'expire', 'silence-1')).stdout).toBe('silence-1: ended');
    await clock.advance(120_000);
    expect(told.slice(1, 2)).toEqual(['LowAccuracy firing']);
    expect((await run('alerts', 'silence', 'list')).stdout).toBe('no silences');
    expect((await run('alerts', 'silence', 'list', '--expired')).stdout).toContain('ended');
    expect(watch.alerting.silences()).toHaveLength(1);
  });

  it('ends what it can, and says what it cannot', async () => {
    const { run } = await start();
    await run(
      'alerts',
      'silence',
      'add',
      'severity=~"crit.*"',
      'model!=dogs',
      '--until',
      '2026-11-23T13:00:00Z',
    );
    const { status, stdout, stderr } = await run('alerts', 'silence', 'expire', 'silence-7', 'silence-1');
    expect([status, stdout]).toEqual([1, 'silence-1: ended']);
    expect(stderr).toContain('silence-7: there is no such silence, or it has ended');
  });

  it('prints JSON for programs', async () => {
    const { run } = await start();
    const args = [
      'model="a \\"b\\""',
      '--from',
      '2026-11-23T20:00:00Z',
      '--for',
      '1h30m',
      '--author',
      'wang',
    ];
    const added = JSON.parse((await run('alerts', 'silence', 'add', ...args, '--json')).stdout);
    expect(added).toMatchObject({
      id: 'silence-1',
      status: { state: 'pending' },
      startsAt: '2026-11-23T20:00:00.000Z',
      endsAt: '2026-11-23T21:30:00.000Z',
      createdBy: 'wang',
      matchers: [{ name: 'model', value: 'a "b"', isRegex: false, isEqual: true }],
      alerts: 0,
    });
    const { alerts: _, ...silence } = added;
    expect(JSON.parse((await run('alerts', 'silence', 'list', '--json')).stdout)).toEqual([silence]);
    expect(JSON.parse((await run('alerts', 'silence', 'expire', 'silence-1', '--json')).stdout)).toEqual([
      { id: 'silence-1' },
    ]);
  });
});

describe('how they are called', () => {
  it.for([
    [['explain', 'a', 'b'], '"b" is not expected here'],
    [['explain', '--labels', 'nonsense'], '--labels: expected'],
    [['explain', '--labels', ''], '--labels: expected'],
    [['explain', '--for', '1h'], '--for is no option of "alerts explain"'],
    [['silence'], 'alerts silence: expected add, list, expire; such as'],
    [['silence', 'ad', 'a=b'], 'got "ad"'],
    [['silence', 'add'], 'name what to silence'],
    [['silence', 'add', 'a=b', 'nonsense here'], 'nonsense here: expected a matcher'],
    [['silence', 'add', 'a=~('], 'a=~(: expected a matcher'],
    [['silence', 'add', 'a=b', '--for', '2 h'], '--for: expected 90m or 1h30m or 2d, got "2 h"'],
    [['silence', 'add', 'a=b', '--for', '0m'], '--for: expected'],
    [['silence', 'add', 'a=b', '--until', 'noon'], '--until: expected'],
    [['silence', 'add', 'a=b', '--until', '1', '--for', '1h'], '--for and --until both'],
    [['silence', 'list', '--for', '1h'], '--for is no option of "alerts silence list"'],
    [['silence', 'expire'], 'name at least one silence'],
    [['silence', 'list', '--url', 'service:3000'], '--url: expected http://127.0.0.1:3000'],
    [
      ['silence', 'list', '--token-file', 'no-such-file'],
      '--token-file: cannot read "no-such-file" (ENOENT)',
    ],
  ] as const)('%j is refused: %s', async ([args, says]) => {
    const { status, stderr } = await command(manualClock(START), 'http://127.0.0.1:1', ['alerts', ...args]);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('canary');
    expect(status).toBe(2);
  });

  it.for(['explain', 'silence list', 'silence add a=b', 'silence expire silence-1'])(
    '%s: says what to do when no service answers',
    async (words) => {
      const { status, stderr } = await command(manualClock(START), 'http://127.0.0.1:1', [
        'alerts',
        ...words.split(' '),
      ]);
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^no service answers at http:\/\/127\.0\.0\.1:1 \(.+\); start the service, or say where it is with --url or TIDEWATCH_URL$/,
      );
    },
  );

  it('says what to do when something else answers', async () => {
    const server = createServer((_, response) => void response.writeHead(404).end('<h1>not here</h1>'));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { status, stderr } = await command(manualClock(START), url, ['alerts', 'explain']);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('but not as a service with Tidewatch in it (HTTP 404)'),
    ]);
  });

  it('says what the service refuses', async () => {
    const { run } = await start();
    const all = await run('alerts', 'silence', 'add', 'model=~".*"');
    expect([all.status, all.stderr]).toEqual([1, expect.stringContaining('or all is silenced')]);
    const past = await run('alerts', 'silence', 'add', 'a=b', '--until', '2026-11-23T11:00:00Z');
    expect([past.status, past.stderr]).toEqual([1, 'endsAt: the end is not in the future']);
  });

  it('shows a token where the service wants one', async () => {
    const token = 'sixteen-and-more';
    // As from elsewhere: what a proxy forwards is not from this machine.
    const access = (request: { headers: Record<string, unknown> }): boolean =>
      request.headers['authorization'] === `Bearer ${token}`;
    const { url, clock } = await start({ access: access as never });
    const without = await command(clock, url, ['alerts', 'silence', 'list']);
    expect([without.status, without.stderr]).toEqual([
      1,
      expect.stringContaining('does not let this command in'),
    ]);
    const withToken = await command(clock, url, ['alerts', 'silence', 'list'], { TIDEWATCH_TOKEN: token });
    expect(withToken).toMatchObject({ status: 0, stdout: 'no silences' });
    expect((await command(clock, url, ['alerts', 'explain', '--token', token])).status).toBe(0);
  });
});
