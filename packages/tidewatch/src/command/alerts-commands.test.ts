import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createApi, createEngine, createStore, toNodeHandler } from '@tidewatch/promql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from './run-command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidewatch-alerts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function run(args: readonly string[], signal?: AbortSignal, onLine: (line: string) => void = () => {}) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const status = await runCommand(args, {
    stdout: (line) => {
      stdout.push(line);
      onLine(line);
    },
    stderr: (line) => void stderr.push(line),
    env: {},
    ...(signal === undefined ? {} : { signal }),
  });
  return { status, stdout: stdout.join('\n'), stderr: stderr.join('\n') };
}

/** A server on this machine that keeps what it is sent. */
async function startSink(answer = '{"errcode":0}', status = 200) {
  const requests: { url: string; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then(
      (body) => requests.push({ url: request.url ?? '', body }) && response.writeHead(status).end(answer),
    );
  });
  await listening(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

async function listening(server: ReturnType<typeof createServer>): Promise<void> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await server[Symbol.asyncDispose]();
  });
}

const rules = `groups:
  - name: g
    interval: 1m
    rules:
      - alert: LowAccuracy
        expr: classification_accuracy < 0.85
        for: 2m
        annotations: { summary: 'accuracy is {{ $value }}' }
`;
const tests = (from: string): string => `rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - { series: 'classification_accuracy{model="m"}', values: '0.9 ${from}x5 _ stale' }
    alert_rule_test:
      - { eval_time: 2m, alertname: LowAccuracy, exp_alerts: [] }
      - eval_time: 3m
        alertname: LowAccuracy
        exp_alerts: [{ exp_labels: { model: m }, exp_annotations: { summary: accuracy is 0.8 } }]
      - { eval_time: 8m, alertname: LowAccuracy, exp_alerts: [] }
    promql_expr_test:
      - { expr: classification_accuracy * 2, eval_time: 3m, exp_samples: [{ labels: '{model="m"}', value: 1.6 }] }
`;

describe('alerts test-rules', () => {
  it('runs the tests of the default rules', async () => {
    const file = 'deploy/prometheus/rules-test/tidewatch.yml';
    expect(await run(['alerts', 'test-rules', file])).toEqual({
      status: 0,
      stdout: `${file}: SUCCESS`,
      stderr: '',
    });
  });

  it('says what was expected, and what there was', async () => {
    fileOf('rules.yml', rules);
    expect((await run(['alerts', 'test-rules', fileOf('good.yml', tests('0.8'))])).status).toBe(0);
    const { status, stderr } = await run(['alerts', 'test-rules', fileOf('bad.yml', tests('0.84'))]);
    expect(status).toBe(1);
    expect(stderr).toContain('FAILED: tests[0]: LowAccuracy, time: 3m');
    expect(stderr).toContain('got: [{alertname="LowAccuracy", model="m"} {summary="accuracy is 0.84"}]');
    expect(stderr).toContain('got: [{model="m"} 1.68]');
    const json = await run(['alerts', 'test-rules', '--json', join(folder, 'bad.yml')]);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { failures: [{ atMs: 180_000 }, { subject: 'classification_accuracy * 2' }] },
    ]);
  });

  it.for([
    ['no-such-file.yml', undefined, 'ENOENT'],
    [
      'typo.yml',
      'rule_files: []\ntest: []\n',
      'typo.yml:2:1: test: unknown key "test"; did you mean "tests"?',
    ],
    ['values.yml', tests('zero'), 'expected values such as'],
    ['rules-missing.yml', tests('1').replace('rules.yml', 'nowhere.yml'), 'nowhere.yml'],
  ] as const)('%s is a fault', async ([name, content, says]) => {
    const file = content === undefined ? join(folder, name) : fileOf(name, content);
    const { status, stderr } = await run(['alerts', 'test-rules', file]);
    expect(status).toBe(1);
    expect(stderr).toContain(says);
  });
});

describe('alerts verify', () => {
  it('renders and knocks, and sends when asked to', async () => {
    const robot = await startSink();
    const file = fileOf(
      'verify.yml',
      `route: { receiver: chat }
receivers:
  - name: chat
    dingtalk_configs: [{ url: '${robot.url}/robot/send?access_token=canary', keywords: [告警] }]
`,
    );
    const quiet = await run(['alerts', 'verify', file]);
    expect(quiet).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('chat / dingtalk: service: the service answers'),
    });
    expect(robot.requests).toMatchObject([{ url: '/', body: '' }]);
    const sent = await run(['alerts', 'verify', '--send', '--json', '--lang', 'zh-CN', file]);
    expect(JSON.parse(sent.stdout)).toMatchObject([
      { mode: 'static' },
      { mode: 'handshake' },
      { mode: 'send', ok: true },
    ]);
    expect(robot.requests.at(-1)?.body).toContain('这是一条测试消息');
    expect(quiet.stdout + sent.stdout).not.toContain('canary');
  });

  it('says what to mend', async () => {
    const robot = await startSink('{"errcode":310000,"errmsg":"sign not match"}');
    const file = fileOf(
      'refused.yml',
      `route: { receiver: chat }
receivers:
  - name: chat
    dingtalk_configs: [{ url: '${robot.url}/robot/send?access_token=canary' }]
    webhook_configs: [{ url: 'http://127.0.0.1:1/canary' }]
`,
    );
    const { status, stderr } = await run(['alerts', 'verify', '--send', file]);
    expect(status).toBe(1);
    expect(stderr).toContain('chat / dingtalk: test message: 310000: the signature was refused');
    expect(stderr).toContain('chat / webhook: service: not reachable');
    expect(stderr).not.toContain('canary');
  });
});

describe('alerts replay', () => {
  const MINUTE = 60_000;
  const start = Date.parse('2026-11-23T12:00:00Z');
  const between = ['--from', '2026-11-23T12:00:00Z', '--to', String((start + 30 * MINUTE) / 1000)];

  async function startHistory(): Promise<string> {
    const store = await createStore();
    onTestFinished(() => store.close());
    for (let minute = 0; minute <= 30; minute++) {
      const value = minute >= 5 && minute < 15 ? 0.8 : 0.9;
      store.append(start + minute * MINUTE, [
        { labels: { __name__: 'classification_accuracy', model: 'm' }, value },
      ]);
    }
    const engine = createEngine({ store });
    const server = createServer(
      toNodeHandler(
        createApi({ engine, store, clock: { now: () => start + 30 * MINUTE, sleep: async () => {} } }),
      ),
    );
    await listening(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('says what would have fired', async () => {
    const url = await startHistory();
    const file = fileOf('replay.yml', rules);
    const { status, stdout } = await run(['alerts', 'replay', '--url', url, ...between, '--json', file]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      failures: 0,
      alerts: [
        {
          name: 'LowAccuracy',
          labels: { alertname: 'LowAccuracy', model: 'm' },
          firedAt: '2026-11-23T12:07:00.000Z',
          resolvedAt: '2026-11-23T12:15:00.000Z',
          firingValue: 0.8,
        },
      ],
    });
    const table = await run(['alerts', 'replay', '--url', url, ...between, file]);
    expect(table.stdout).toMatch(
      /^FIRED .*\n2026-11-23T12:07:00.000Z {2}2026-11-23T12:15:00.000Z {2}LowAccuracy {2}0\.8/,
    );
  });

  it('does not call silence what could not be asked', async () => {
    const { status, stderr } = await run([
      'alerts',
      'replay',
      '--url',
      'http://127.0.0.1:1',
      ...between,
      fileOf('lost.yml', rules),
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('31 queries failed');
  });

  it.for([
    [[...between], '--url is missing'],
    [['--url', 'http://h', '--to', '1'], '--from is missing'],
    [['--url', 'http://h', '--from', 'yesterday', '--to', '1'], '--from: expected'],
    [['--url', 'http://h', '--from', '2', '--to', '1'], '--from: expected'],
  ] as const)('%j is refused: %s', async ([args, says]) => {
    const { status, stderr } = await run(['alerts', 'replay', ...args, fileOf('usage.yml', rules)]);
    expect(status).toBe(2);
    expect(stderr).toContain(says);
  });
});

describe('relay', () => {
  const webhook = JSON.stringify({
    version: '4',
    receiver: 'chat',
    groupKey: '{}:{}',
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'LowAccuracy' },
        annotations: { summary: 'accuracy is 0.8' },
        startsAt: '2026-11-23T12:00:00Z',
      },
    ],
  });

  it('delivers what Alertmanager posts, until it is told to end', async () => {
    const robot = await startSink();
    const file = fileOf(
      'relay.yml',
      `route: { receiver: chat }
receivers:
  - name: chat
    dingtalk_configs: [{ url: '${robot.url}/robot/send?access_token=canary', keywords: [告警] }]
`,
    );
    const token = fileOf('token', 'right\n');
    const stop = new AbortController();
    let url = '';
    const ready = new AbortController();
    const heard = new Promise<void>((resolve) => {
      ready.signal.addEventListener('abort', () => resolve());
    });
    const running = run(
      ['relay', file, '--listen', '127.0.0.1:0', '--token-file', token],
      stop.signal,
      (line) => {
        url = /http:\S+(?=,)/.exec(line)?.[0] ?? '';
        ready.abort();
      },
    );
    await heard;
    const post = async (authorization: string): Promise<number> =>
      (await fetch(url, { method: 'POST', body: webhook, headers: { authorization } })).status;
    expect(await post('Bearer wrong')).toBe(401);
    expect(await post('Bearer right')).toBe(200);
    expect((await fetch(new URL('/-/healthy', url))).status).toBe(200);
    stop.abort();
    expect(await running).toMatchObject({ status: 0, stderr: expect.stringMatching(/^without --data, .*$/) });
    expect(robot.requests[0]?.body).toContain('accuracy is 0.8');
  });

  it.for([
    [[], 'name one alertmanager.yml'],
    [['FILE', '--listen', 'nowhere'], '--listen: expected HOST:PORT'],
    [['FILE', '--data', '/dev/null/folder'], '--data: cannot use "/dev/null/folder"'],
    [['FILE', '--token-file', 'no-such-file'], '--token-file: cannot read "no-such-file" (ENOENT)'],
  ] as const)('%j is refused: %s', async ([args, says]) => {
    const file = fileOf('usage-relay.yml', 'route: { receiver: a }\nreceivers: [{ name: a }]\n');
    const { status, stderr } = await run(['relay', ...args.map((word) => (word === 'FILE' ? file : word))]);
    expect(status).toBe(2);
    expect(stderr).toContain(says);
  });
});
