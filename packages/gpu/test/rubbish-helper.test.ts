import type * as childProcess from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, vi } from 'vitest';

const fixture = fileURLToPath(new URL('fixtures/rubbish-helper.mjs', import.meta.url));

vi.mock('node:child_process', async (importOriginal) => {
  const original = await importOriginal<typeof childProcess>();
  const spawn = (program: string, args: string[], options: childProcess.SpawnOptions) =>
    original.spawn(program, [fixture, args.at(-1) ?? ''], options);
  return { ...original, spawn };
});

// The files of one worker share their modules: this one needs its own, and leaves none behind.
vi.resetModules();
const { createGpuMonitor } = await import('../src/index.ts');
afterAll(() => vi.resetModules());

const forms = 'p'.repeat(26);

it.concurrent.for([
  // what it answers                                        reason             evidence
  ['null', 'helper-crashed', /no report/],
  ['{"ok":tru', 'helper-crashed', /no report/],
  ['{"ok":true}', 'helper-crashed', /no report/],
  ['{"ok":true,"devices":[{}],"forms":"","unidentified":[]}', 'helper-crashed', /no report/],
  ['', 'helper-crashed', /no report/], //                                        "as before", and nothing was
  [`0x${'00'.repeat(64)}`, 'helper-crashed', /no report/], //                    no length
  [`0x${'ff'.repeat(64)}`, 'helper-crashed', /no report/], //                    a length that is no number
  [`{"ok":true,"devices":[{}],"forms":"${forms}","unidentified":[]}`, 'source-failed', /index is no number/],
  ['{}', 'source-failed', /ok is neither/],
  ['{"ok":false,"reason":"boo"}', 'source-failed', /no reason "boo"/],
  ['{"ok":true,"devices":[],"forms":"","unidentified":[]}', 'read-timed-out', /no answer/, 7777], // not ours
  ['0x2a', 'read-timed-out', /no answer/], //                                    it never ends
] as const)('a helper that answers %s leaves the service alone', async ([reply, reason, evidence, id]) => {
  // It gets as its library what it is to answer.
  const libraryPath = JSON.stringify({ reply, id });
  const timeoutMs = reason === 'read-timed-out' ? 1_000 : 20_000;
  await using gpu = await createGpuMonitor({ source: 'nvml', libraryPath, timeoutMs });
  expect(gpu.status()).toMatchObject({ reason });
  expect(gpu.status().evidence).toMatch(evidence);
});
