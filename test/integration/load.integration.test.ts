import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { workerPool } from '../../packages/scaler/src/targets/worker-pool.ts';
import { startLoad } from '../../packages/scaler/test/keep-alive-load.ts';

const fromSources = ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'];
const server = fileURLToPath(new URL('../../examples/load/src/server.ts', import.meta.url));
const load = fileURLToPath(new URL('../../examples/load/src/load.ts', import.meta.url));

it('the Express example in a pool follows its traffic 1 → 3 → 1, and no request fails', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'load-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  const config = join(folder, 'config.yaml');
  // The configuration of the example, with shorter times.
  await writeFile(
    config,
    `metrics: [{ name: qps, query: 'sum(rate(http_requests_total[5s]))', scale_up_threshold: 40, scale_down_threshold: 12 }]
scaling: { max_replicas: 3, cooldown: 4 }
interval: 1
`,
  );
  const example = run(server, [], { CONFIG: config, PORT: '0', LANG: 'zh_CN.UTF-8' });
  const address = await vi.waitFor(() => {
    const found = example.lines.map((line) => /http:\/\/\S+/.exec(line)?.[0]).find(Boolean);
    return found ?? Promise.reject(new Error('no address yet'));
  }, 30_000);

  const busy = run(load, [address, '120x12,6x30'], {});
  await vi.waitFor(() => expect(example.lines).toContain('[Autoscaler] 扩容完成,当前实例数:3'), 30_000);
  await vi.waitFor(() => expect(example.lines).toContain('[Autoscaler] 缩容完成,当前实例数:1'), 60_000);
  const [status] = await busy.exited;
  expect(busy.lines).toEqual([expect.stringMatching(/^1620 requests, 0 failed, P99 [\d.]+ ms$/)]);
  expect(status).toBe(0);
  expect(example.lines.filter((line) => /新增|完成/.test(line))).toEqual([
    '[Autoscaler] 当前实例数:1 → 新增2个实例',
    '[Autoscaler] 扩容完成,当前实例数:3',
    '[Autoscaler] 缩容完成,当前实例数:2',
    '[Autoscaler] 缩容完成,当前实例数:1',
  ]);
  expect(example.lines).toContainEqual(
    expect.stringMatching(/^\[Autoscaler\] 检测到QPS=[\d.]+ > 阈值40,触发扩容$/),
  );
});

it('a workerPool goes 1 → 8 → 1 under load without a failed request', async () => {
  let port = 0;
  const pool = workerPool({
    script: new URL('../../packages/scaler/test/replica-fixture.ts', import.meta.url),
    execArgv: fromSources,
    onMessage: (message) => ({ port } = message as { port: number }),
  });
  onTestFinished(() => pool.close());
  await pool.ready();
  await vi.waitFor(() => expect(port).toBeGreaterThan(0));
  const never = new AbortController().signal;
  const before = startLoad(port, 16);
  await pool.scaleTo(8, never);
  const during = startLoad(port, 16); // connections of its own: kept ones stay with their replica
  await vi.waitFor(() => expect(during.answered()).toBeGreaterThan(500));
  expect(await pool.observe(never)).toMatchObject({ ready: 8, starting: 0, draining: 0 });
  await pool.scaleTo(1, never);
  expect(await pool.observe(never)).toMatchObject({ ready: 1, starting: 0, draining: 0 });
  const reports = await Promise.all([before.stop(), during.stop()]);
  expect(reports.map(({ failures }) => failures)).toEqual([[], []]);
  expect(reports[1]?.pids.size).toBe(8);
});

/** A process of the example, which ends with the test. */
function run(script: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [...fromSources, script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const exited = once(child, 'exit') as Promise<[status: number | null]>;
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  return { lines, exited };
}
