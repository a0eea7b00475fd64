import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { commandTarget, type CommandTargetOptions } from '../../src/targets/command.ts';
import { targetConformance } from '../../src/testing/target-conformance.ts';

const never = new AbortController().signal;
const script = fileURLToPath(new URL('command-fixture.sh', import.meta.url));

function setUp(options: Partial<CommandTargetOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'command-target-'));
  const file = join(folder, 'replicas');
  const run = (...args: string[]): [string, ...string[]] => ['sh', script, ...args];
  const target = commandTarget({
    observe: run('count', file),
    scale: run('scale', file, '{replicas}', 'canary-secret'),
    pollMs: 5,
    ...options,
  });
  const log = (): string[][] =>
    readFileSync(`${file}.log`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
  const close = async (): Promise<void> => rmSync(folder, { recursive: true, force: true });
  return { target, log, run, close };
}

targetConformance('command', {
  it,
  create: () => {
    const { target, close } = setUp();
    return { ...target, close };
  },
});

it('runs a change that failed again, with the same key', async () => {
  const { target, log, close } = setUp({ env: { FAIL_TIMES: '2' } });
  onTestFinished(close);
  await target.scaleTo(3, never);
  expect(log().map(([replicas]) => replicas)).toEqual(['3', '3', '3']);
  expect(new Set(log().map(([, key]) => key)).size).toBe(1);
});

it.for([
  ['1', 3, 'failed (exit status 1)'],
  ['64', 1, 'failed (exit status 64)'], // wrong usage: the same again is wrong again
] as const)(
  'gives up on exit status %s after %i runs, and repeats no argument',
  async ([status, runs, text]) => {
    const { target, log, close } = setUp({ env: { FAIL_TIMES: '9', FAIL_STATUS: status } });
    onTestFinished(close);
    const error: unknown = await target.scaleTo(3, never).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'command-failed', message: expect.stringContaining(text) });
    expect(inspect(error, { depth: 9 })).not.toContain('canary-secret');
    expect(log()).toHaveLength(runs);
  },
);

it('kills a command that takes too long', async () => {
  const { run, close } = setUp();
  onTestFinished(close);
  const { target, close: closeToo } = setUp({ observe: run('hang'), timeoutMs: 100 });
  onTestFinished(closeToo);
  await expect(target.observe(never)).rejects.toThrow('took too long');
});

it('says that a program is not there', async () => {
  const { target, close } = setUp({ observe: ['/no/such/program'] });
  onTestFinished(close);
  await expect(target.observe(never)).rejects.toThrow('command: program failed (ENOENT)');
});

it('refuses an empty command', () => {
  expect(() => commandTarget({ observe: [''], scale: ['true'] })).toThrow('observe');
});
