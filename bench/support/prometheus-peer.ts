import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PrometheusPeer extends AsyncDisposable {
  readonly url: string;
  /** Such as `prometheus, version 3.5.3`. */
  readonly version: string;
}

/** A Prometheus server on loopback that takes remote writes into `folder`; undefined when there is none on the PATH. */
export async function startPrometheus(folder: string): Promise<PrometheusPeer | undefined> {
  const version = await run('prometheus', ['--version']).then(
    ({ stdout }) => /^prometheus, version \S+/.exec(stdout)?.[0] ?? 'prometheus',
    () => undefined,
  );
  if (version === undefined) return undefined;

  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'prometheus.yml'), '{}\n');
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--storage.tsdb.retention.time=100y',
      '--web.enable-remote-write-receiver',
      '--log.level=error',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 100; attempt++) {
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) break;
    await sleep(100);
  }
  return {
    url,
    version,
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
