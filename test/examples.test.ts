import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

const run = promisify(execFile);
const fromSources = ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'];

describe('examples/scaler-only', () => {
  it('prints the article’s own lines', { timeout: 30_000 }, async () => {
    const { stdout } = await run(process.execPath, [...fromSources, 'examples/scaler-only/src/main.ts']);
    expect(stdout).toContain('132 QPS: 1 → 3  检测到QPS=132 > 阈值100,触发扩容;当前实例数:1 → 新增2个实例');
    expect(stdout.split('\n')).toHaveLength(6);
  });
});

describe('examples/alerts-only', () => {
  it('delivers to a robot that checks the signature', { timeout: 30_000 }, async () => {
    const { stdout } = await run(process.execPath, [...fromSources, 'examples/alerts-only/src/main.ts']);
    expect(stdout).toBe("LowAccuracy firing [ 'dingtalk' ]\n");
  });
});

describe('examples/express', () => {
  it('classifies, learns the truth late, and shows it', { timeout: 30_000 }, async () => {
    const base = await startExpressExample();
    const ask = async (path: string, body: unknown): Promise<Response> =>
      fetch(base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });

    const answer = await ask('/classify', { id: 'a', text: 'the cat is in the house' });
    expect(await answer.json()).toMatchObject({ predicted: 'en' });
    expect((await ask('/labels', { id: 'a', actual: 'en' })).status).toBe(202);

    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toContain('classification_true_positives_total{class="en",model="languages"} 1');
    expect(metrics).toMatch(/http_requests_total\{[^}]*route="\/classify"[^}]*\} 1/);
    const page = await fetch(`${base}/monitor`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await (await fetch(`${base}/api/health`)).json()).toMatchObject({ database: 'ok' });
  });
});

/** Starts the example on a free port; it ends with the test. */
async function startExpressExample(): Promise<string> {
  const child = spawn(process.execPath, [...fromSources, 'examples/express/src/server.ts'], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    const [status] = (await exited) as [number | null];
    expect(status, 'SIGTERM ends the example by itself').toBe(0);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error('the example ended before it listened');
}
