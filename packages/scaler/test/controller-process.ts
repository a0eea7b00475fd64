import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('controller-fixture.ts', import.meta.url));
const execArgv = ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'];

/** What a controller tells of each decision. */
export interface Heard {
  readonly action: string;
  readonly reason: string;
  readonly to: number;
  readonly cooldownMs: number;
  readonly rounds: number;
}

/** A folder with a target of that many replicas, for one test. */
export async function folderWith(replicas: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'controller-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'replicas'), String(replicas));
  return folder;
}

/** A controller in a process of its own: see controller-fixture.ts. */
export function startController(
  folder: string,
  env: Readonly<Record<string, string>>,
): { readonly child: ChildProcess; readonly heard: readonly Heard[] } {
  const heard: Heard[] = [];
  const child = fork(script, { execArgv, env: { ...process.env, FOLDER: folder, ...env } });
  child.on('message', (message) => heard.push(message as Heard));
  onTestFinished(async () => kill(child));
  return { child, heard };
}

/** As the kernel does when memory runs out. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
