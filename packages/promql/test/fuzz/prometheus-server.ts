import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpData } from '../../src/testing/index.ts';

/** A real server on loopback, over a fresh folder. */
export interface PrometheusServer extends AsyncDisposable {
  readonly url: string;
  /** The data, with the remarks beside them. @throws {@link Error} with the server's words when it gives no answer. */
  ask(path: 'query' | 'query_range', parameters: Record<string, string>): Promise<HttpData>;
}

type ServerAnswer = Pick<HttpData, 'warnings' | 'infos'> & {
  readonly status: string;
  readonly errorType?: string;
  readonly error?: string;
  readonly data: HttpData;
};

/** Why the `prometheus` on the PATH cannot be the reference, or `undefined` when it can. */
export function whyNoReference(): string | undefined {
  try {
    const text = execFileSync('prometheus', ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    const version = /version (\S+)/.exec(text)?.[1] ?? 'unknown';
    // Of 10,000 queries 2.42 answers 1,800 otherwise.
    return version.startsWith('3.5.')
      ? undefined
      : `prometheus on the PATH is ${version}, the reference is 3.5.3`;
  } catch {
    return 'prometheus is not on the PATH, the reference is 3.5.3';
  }
}

/** Starts the `prometheus` on the PATH on a free port; it says nothing and ends with its disposal. */
export async function startPrometheusServer({
  config = {},
  flags = [],
}: {
  /** As in prometheus.yml. @defaultValue nothing is scraped */
  readonly config?: object;
  readonly flags?: readonly string[];
}): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-prometheus-'));
  const port = await freePort();
  // JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    { stdio: 'ignore' },
  );
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; !(await isReady(url)); attempt++) {
    if (attempt > 300) throw new Error('Prometheus did not become ready in 30 s');
    await sleep(100);
  }
  return {
    url,
    async ask(path, parameters) {
      const response = await fetch(`${url}/api/v1/${path}`, {
        method: 'POST',
        body: new URLSearchParams(parameters),
      });
      const { status, error, data, ...remarks } = (await response.json()) as ServerAnswer;
      if (status !== 'success') throw new Error(error);
      return { ...data, ...remarks };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port on loopback');
  return address.port;
}
