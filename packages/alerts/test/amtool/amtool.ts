import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RoutingCase } from './random-routes.ts';

const run = promisify(execFile);

/** Whether Alertmanager's own tool is on the PATH. */
export const hasAmtool: boolean = spawnSync('amtool', ['--version']).status === 0;

/** What `amtool check-config` says of a file; `undefined` when it takes it. */
export async function amtoolProblem(yaml: string): Promise<string | undefined> {
  return await withFile(yaml, async (file) => {
    try {
      await run('amtool', ['check-config', file]);
      return undefined;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      return stdout + stderr;
    }
  });
}

/** The receivers to which Alertmanager routes each case, a few processes at a time. */
export async function amtoolRoutes(cases: readonly RoutingCase[]): Promise<string[][]> {
  const answers: string[][] = [];
  for (let from = 0; from < cases.length; from += 4)
    answers.push(...(await Promise.all(cases.slice(from, from + 4).map(amtoolRoute))));
  return answers;
}

async function amtoolRoute({ yaml, labels }: RoutingCase): Promise<string[]> {
  return await withFile(yaml, async (file) => {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    const { stdout } = await run('amtool', ['config', 'routes', 'test', `--config.file=${file}`, ...pairs]);
    return stdout.trim().split(',');
  });
}

async function withFile<T>(yaml: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'amtool-'));
  try {
    const file = join(folder, 'alertmanager.yml');
    await writeFile(file, yaml);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
