import type * as childProcess from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';

const fixture = fileURLToPath(new URL('fixtures/rubbish-helper.ts', import.meta.url));

vi.mock('node:child_process', async (importOriginal) => {
  const original = await importOriginal<typeof childProcess>();
  const fork = (_helper: string, args: string[], options: childProcess.ForkOptions) =>
    original.fork(fixture, args, options);
  return { ...original, fork };
});

// The files of one worker share their modules: this one needs its own, and leaves none behind.
vi.resetModules();
const { createGpuMonitor } = await import('../src/index.ts');
afterAll(() => vi.resetModules());

it.for([
  // what it answers                                        reason             evidence
  ['null', 'helper-crashed', /no report/],
  ['{"id":"ID"}', 'helper-crashed', /no report/],
  ['{"id":"ID","report":{"ok":true}}', 'helper-crashed', /no report/],
  ['{"id":"ID","report":{"ok":true,"devices":[{}],"unidentified":[]}}', 'helper-crashed', /no report/],
  ['{"id":"ID","report":{}}', 'source-failed', /ok is neither/],
  ['{"id":"ID","report":{"ok":false,"reason":"boo"}}', 'source-failed', /no reason "boo"/],
  ['{"id":7777,"report":{"ok":true,"devices":[],"unidentified":[]}}', 'read-timed-out', /no answer/], // not ours
  ['42', 'read-timed-out', /no answer/],
] as const)(
  'a helper that answers %s leaves the service alone',
  { timeout: 30_000 },
  async ([reply, reason, evidence]) => {
    vi.stubEnv('TIDEWATCH_TEST_REPLY', reply);
    onTestFinished(() => void vi.unstubAllEnvs());
    const timeoutMs = reason === 'read-timed-out' ? 1_500 : 20_000;
    const options = { source: 'nvml', libraryPath: '/nowhere', timeoutMs } as const;
    await using gpu = await createGpuMonitor(options);
    expect(gpu.status()).toMatchObject({ reason });
    expect(gpu.status().evidence).toMatch(evidence);
  },
);
