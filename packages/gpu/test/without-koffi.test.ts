/** The package where koffi does not load. As npm installs it without: without-koffi.integration.test.ts. */
import { afterAll, expect, it, vi } from 'vitest';

vi.mock('koffi', () => {
  throw new Error("Cannot find package 'koffi'");
});

// The files of one worker share their modules: this one needs its own, and leaves none behind.
vi.resetModules();
const { createGpuMonitor } = await import('../src/index.ts');
afterAll(() => vi.resetModules());

it('says what is missing, and how to have it', async () => {
  await using gpu = await createGpuMonitor({ source: 'nvml', isolation: 'inline' });
  expect(gpu.status()).toMatchObject({ state: 'none', reason: 'ffi-not-installed' });
  expect(gpu.status().hint).toContain('--omit=optional');
  expect(gpu.snapshot()).toBeUndefined();
});
