import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runAutoscalerCommand } from './run-autoscaler-command.ts';

const article = fileURLToPath(new URL('../../test/fixtures/article-config.yaml', import.meta.url));
const loads: Record<string, string> = { http_requests_total: '132', gpu_utilization: '0.1' };

const prometheus = createServer(({ url = '' }, response) => {
  if (url.includes('query_range')) {
    const parameters = new URL(url, 'http://localhost').searchParams;
    const [start, end] = ['start', 'end'].map((name) => Number(parameters.get(name)));
    const values = Array.from({ length: ((end ?? 0) - (start ?? 0)) / 60 + 1 }, (_, minute) => [
      (start ?? 0) + minute * 60,
      String(400 + 300 * Math.sin(minute / 200)),
    ]);
    response.end(
      JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric: {}, values }] } }),
    );
    return;
  }
  const name = Object.keys(loads).find((metric) => url.includes(metric)) ?? '';
  const result = [{ metric: {}, value: [Date.now() / 1000, loads[name]] }];
  response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
});
let folder = '';
let config = '';

beforeAll(async () => {
  prometheus.listen(0, '127.0.0.1');
  await once(prometheus, 'listening');
  folder = await mkdtemp(join(tmpdir(), 'autoscaler-'));
  config = join(folder, 'config.yaml');
  const endpoint = `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}/api/v1/query`;
  const metrics = Object.keys(loads).map(
    (name) => `  - name: ${name === 'http_requests_total' ? 'qps' : name}
    endpoint: ${endpoint}
    query: sum(${name})
    per: ${name === 'http_requests_total' ? 'replica' : 'total'}
    scale_up_threshold: 100
    scale_down_threshold: 30`,
  );
  await writeFile(config, `metrics:\n${metrics.join('\n')}\nscaling:\n  max_replicas: 10\n`);
});

afterAll(async () => {
  prometheus.closeAllConnections();
  prometheus.close();
  await rm(folder, { recursive: true });
});

async function run(
  args: readonly string[],
  env: Record<string, string> = {},
  /** A line after which the command is told to stop. */
  lastLine?: RegExp,
) {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  const { signal } = stop;
  const stdout = (line: string): void => {
    out.push(line);
    if (lastLine?.test(line) === true) stop.abort();
  };
  const stderr = (line: string): unknown => err.push(line);
  const status = await runAutoscalerCommand(args, { stdout, stderr, env, signal });
  return { status, out, err };
}

it('decides once, and says why', async () => {
  expect(await run(['--config', config, '--once', '--dry-run'], { LANG: 'zh_CN.UTF-8' })).toEqual({
    status: 0,
    out: [
      '[Autoscaler] 检测到QPS=132 > 阈值100,触发扩容',
      '[Autoscaler] 当前实例数:1 → 新增2个实例',
      '[Autoscaler] 演练模式:不改变实例数',
    ],
    err: [],
  });
});

it('prints a decision as one line of JSON', async () => {
  const { status, out } = await run(['--config', config, '--once', '--dry-run', '--json', '--replicas', '4']);
  expect(status).toBe(0);
  expect(out.map((line) => JSON.parse(line))).toMatchObject([
    {
      action: 'hold',
      reason: 'within-thresholds',
      from: 4,
      to: 4,
      inputs: [{ name: 'qps', value: 33, total: 132 }, {}],
    },
  ]);
});

it('scales what it is told to, under a lease, and closes both', async () => {
  const state = { desired: 1, ready: 1 };
  const told: string[] = [];
  const scaler = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      if (request.method === 'POST') {
        told.push(body);
        state.desired = state.ready = (JSON.parse(body) as { replicas: number }).replicas;
      }
      response.end(JSON.stringify(state));
    });
  });
  scaler.listen(0, '127.0.0.1');
  await once(scaler, 'listening');
  const AUTOSCALER_WEBHOOK_URL = `http://127.0.0.1:${(scaler.address() as AddressInfo).port}/`;
  const lease = join(folder, 'lease');
  const args = ['--config', config, '--once', '--target', 'webhook', '--lease', lease];
  const { status, out } = await run(args, { AUTOSCALER_WEBHOOK_URL });
  scaler.closeAllConnections();
  scaler.close();
  expect([status, told]).toEqual([0, ['{"replicas":3}']]);
  expect(out.at(-1)).toBe('[Autoscaler] Scale-up complete, replicas: 3');
});

it('goes on until it is told to stop', async () => {
  const { status, out } = await run(['--config', config, '--dry-run'], {}, /scaling up/);
  expect(status).toBe(0);
  expect(out[0]).toBe('[Autoscaler] QPS=132 > threshold 100, scaling up');
});

it('explains what was decided, from the file of the state', async () => {
  const state = join(folder, 'state');
  await run(['--config', config, '--once', '--dry-run', '--state', state]);
  await run(['--config', config, '--once', '--dry-run', '--state', state, '--replicas', '4']);
  const { status, out } = await run(['explain', '--state', state]);
  expect(status).toBe(0);
  const times = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g;
  expect(out.map((line) => line.replaceAll(times, 'TIME'))).toEqual([
    expect.stringMatching(/^time +replicas  decision      reason             metrics$/),
    'TIME  1 → 3     up (dry run)  above-threshold    QPS=132 gpu_utilization=0.1',
    'TIME  4 → 4     hold          within-thresholds  QPS=33 gpu_utilization=0.1',
    '',
    'The last one, at TIME:',
    '  Holding 4 replicas: metrics are within their thresholds (QPS=33, gpu_utilization=0.1)',
    '  - replicas: 4 ready, 0 starting, 0 draining',
    '  - bounds: 1 to 10',
    '  - time window: none',
    '  - qps per replica: 33, up above 100, down below 30: is content; alone it leads to 4',
    '  - gpu_utilization: 0.1, up above 100, down below 30: allows fewer; alone it leads to 3',
    '  - cooldown left: up 0 s, down 0 s',
  ]);
  const chinese = await run(['explain', '--state', state, '--last', '1'], { LANG: 'zh_CN.UTF-8' });
  expect(chinese.out[1]).toMatch(/4 → 4 +保持 +within-thresholds/);
  const json = await run(['explain', '--state', state, '--json']);
  expect(json.out.map((line) => JSON.parse(line))).toMatchObject([
    { action: 'up', asks: { qps: 3 }, otherwise: [{ without: { metric: 'qps' }, to: 1 }] },
    { action: 'hold' },
  ]);
});

it.for([
  [['explain', '--state', '/no/such/state'], 1, 'no decision is kept there'],
  [['explain', '--state', article], 1, 'the checksum does not match'],
  [['explain', '--last', 'all'], 2, 'expected a whole number from 1, got "all"'],
  [['explain', 'me'], 2, 'unexpected argument "me"'],
] as const)('cannot %j', async ([args, expected, says]) => {
  const { status, out, err } = await run(args);
  expect([status, out]).toEqual([expected, []]);
  expect(err.join('\n')).toContain(says);
});

it('checks a file as JSON, sound or not', async () => {
  const sound = await run(['check', article, '--json']);
  expect(JSON.parse(sound.out.join('\n'))).toMatchObject({
    errors: [],
    warnings: [{ code: 'rate-of-gauge', line: 11 }],
  });
  const faulty = await run(['check', '/no/such.yaml', '--json']);
  expect([faulty.status, JSON.parse(faulty.out.join('\n'))]).toMatchObject([
    2,
    { errors: [{ code: 'unreadable' }] },
  ]);
});

it('says what cost-optimize would have saved, against whom and how late, before it decides', async () => {
  const { status, out, err } = await run([
    '--config',
    config,
    '--once',
    '--dry-run',
    '--mode=cost-optimize',
    '--max-latency=800',
  ]);
  expect(err).toEqual([]);
  expect(status).toBe(0);
  expect(out[0]).toBe('The last 24.0 hours, simulated with replicas of 125 requests per second:');
  for (const name of ['static-peak', 'threshold', 'oracle-p99.9']) {
    const line = out.find((one) => one.startsWith(`cost-optimize against ${name}: `));
    expect(line).toMatch(/-?\d+\.\d % fewer GPU hours; late \d+\.\d\d % here, \d+\.\d\d % there$/);
  }
  expect(out.at(-1)).toMatch(/Replicas|Holding|Dry run/);
});

it('keeps a latency when it is given one', async () => {
  const { status, out } = await run([
    '--config',
    config,
    '--once',
    '--dry-run',
    '--json',
    '--max-latency=800',
  ]);
  expect(status).toBe(0);
  // A new service: nothing is known of it but the threshold of its rate, and that its load may jump.
  expect(JSON.parse(out[0] ?? '')).toMatchObject({
    action: 'up',
    reason: 'load-needs-more',
    plan: { needed: 2 },
  });
});

it('checks a file, with line and column', async () => {
  const { status, out } = await run(['check', article]);
  expect(status).toBe(0);
  expect(out[0]).toContain('article-config.yaml:11:5: warning: metrics[1].query: rate() over a gauge');
  expect(out[1]).toContain('no errors, 2 metrics');
});

it.for([
  // arguments                                             says
  [['check', '/no/such.yaml'], 'cannot read the file (ENOENT)'],
  [['--config', '/no/such.yaml', '--dry-run'], 'cannot read the file (ENOENT)'],
  [['--once'], 'add --dry-run'],
  [['--mode=cost-optimize', '--max-latency=800'], 'add --dry-run'],
  [['--mode=fastest', '--dry-run'], 'expected threshold, slo or cost-optimize, got "fastest"'],
  [['--mode=slo', '--dry-run', '--config', article], '--mode=slo needs --max-latency'],
  [['--max-latency=fast'], 'expected milliseconds above 0, got "fast"'],
  [['--max-latency=800', '--mode=threshold', '--dry-run'], '--max-latency needs --mode=slo or cost-optimize'],
  [['--dry-run', '--replicas=0'], 'expected a whole number from 1, got "0"'],
  [['--target', 'kubernets:a/b'], 'cannot use "kubernets:a/b"; write kubernetes:NAMESPACE/NAME'],
  [['--target', 'webhook'], 'AUTOSCALER_WEBHOOK_URL'],
  [['--target', 'docker:no-image'], 'docker:GROUP=IMAGE'],
  [['--target', 'kubernetes:just-a-name'], 'kubernetes:NAMESPACE/NAME'],
  [['--dry-run', '--lease', 'kubernetes:x'], 'or a folder'],
  [['--dryrun'], "Unknown option '--dryrun'"],
  [['chekc'], 'unexpected argument "chekc"'],
] as const)('refuses %j: %s', async ([args, says]) => {
  const isAboutConfig = args.some((arg) => arg === '--config' || arg === 'check');
  const { status, out, err } = await run(isAboutConfig ? args : ['--config', config, ...args]);
  expect(status).toBe(2);
  expect(err.join('\n')).toContain(says);
  expect(out).toEqual([]);
});

it.for([
  [{}, 'decides how many replicas'],
  [{ LANG: 'zh_CN.UTF-8' }, '决定服务需要多少实例'],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'decides how many replicas'], // LC_ALL goes before LANG
] as const)('with %o its help says: %s', async ([env, says]) => {
  const { status, out } = await run(['--help'], env);
  expect(status).toBe(0);
  expect(out.join('\n')).toContain(says);
});
