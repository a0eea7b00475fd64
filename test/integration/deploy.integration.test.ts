import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
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

  it('has rules without fault', async () => {
    expect(await promtool('check', 'rules', 'rules/tidewatch.yml')).toMatch(/SUCCESS: \d+ rules found/);
  });
});
