import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../packages/tidewatch/src/command/run-command.ts';
import { has } from './support/prometheus-process.ts';

const run = promisify(execFile);

/** The server's own tool over a copy of deploy/prometheus. */
async function promtool(...args: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-deploy-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  await cp('deploy/prometheus', folder, { recursive: true });
  const { stdout, stderr } = await run('promtool', args, { cwd: folder });
  return stdout + stderr;
}

describe.skipIf(!has('promtool'))('deploy, as promtool reads it', () => {
  it('has a configuration without fault, rules included', async () => {
    const answer = await promtool('check', 'config', 'prometheus.yml');
    expect(answer).toContain('prometheus.yml is valid prometheus config file syntax');
    expect(answer).toMatch(/SUCCESS: \d+ rules found/);
    expect(answer).not.toMatch(/FAILED|error/i);
  });

  it('has rules that pass their tests', async () => {
    expect(await promtool('test', 'rules', 'rules-test/tidewatch.yml')).toContain('SUCCESS');
  });

  it('has tests on which `tidewatch alerts test-rules` and promtool agree, also when they are made wrong', async () => {
    const path = 'deploy/prometheus/rules-test/tidewatch.yml';
    const text = (await readFile(path, 'utf8')).replace(
      '../rules/',
      `${process.cwd()}/deploy/prometheus/rules/`,
    );
    // One number of the file is another one, each time.
    const changes = [...text.matchAll(/(?<=eval_time: |x|value: |values: ')\d+/g)].map(
      ({ index, 0: number }) =>
        [text.slice(0, index), Number(number) + 3, text.slice(index + number.length)].join(''),
    );
    expect(changes.length).toBeGreaterThan(50);
    const folder = await mkdtemp(join(tmpdir(), 'tidewatch-tests-'));
    onTestFinished(async () => rm(folder, { recursive: true }));
    const verdicts = { same: 0, failing: 0 };
    for (const [index, changed] of [text, ...changes].entries()) {
      if (index % 4 !== 0) continue;
      const file = join(folder, `${index}.yml`);
      await writeFile(file, changed);
      const theirs = await run('promtool', ['test', 'rules', file]).then(
        () => 0,
        () => 1,
      );
      const host = { stdout: () => {}, stderr: () => {}, env: {} };
      expect([changed, await runCommand(['alerts', 'test-rules', file], host)]).toEqual([changed, theirs]);
      verdicts.same++;
      verdicts.failing += theirs;
    }
    console.log(
      `alerts test-rules: ${verdicts.same} verdicts as promtool's, ${verdicts.failing} of them FAILED`,
    );
    expect(verdicts.failing).toBeGreaterThan(2);
  });

  it('has rules without fault', async () => {
    expect(await promtool('check', 'rules', 'rules/tidewatch.yml')).toMatch(/SUCCESS: \d+ rules found/);
  });
});
