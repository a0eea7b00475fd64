/** The package where koffi does not load. As npm installs it without: without-koffi.integration.test.ts. */
import { expect, it, vi } from 'vitest';
import { createGpuMonitor } from '../src/index.ts';

vi.mock('koffi', () => {
  throw Object.assign(new Error("Cannot find package 'koffi'"), { code: 'ERR_MODULE_NOT_FOUND' });
});

it('says what is missing, and how to have it', async () => {
  await using gpu = await createGpuMonitor({ source: 'nvml', isolation: 'inline' });
  expect(gpu.status()).toMatchObject({ state: 'none', reason: 'ffi-not-installed' });
  expect(gpu.status().hint).toContain('--omit=optional');
  expect(gpu.snapshot()).toBeUndefined();
});
