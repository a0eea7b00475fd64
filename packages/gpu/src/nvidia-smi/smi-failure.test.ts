import { expect, it } from 'vitest';
import { smiFailure, type SmiEnd } from './smi-failure.ts';

it.for<[SmiEnd, boolean, string]>([
  // how it ended                                                                          container  reason
  [{ systemCode: 'ENOENT', printed: '' }, false, 'smi-not-found'],
  [{ systemCode: 'EACCES', printed: '' }, false, 'smi-not-allowed'],
  [{ systemCode: 'ERR_ACCESS_DENIED', printed: '' }, false, 'smi-not-allowed'], // the permission model
  [
    {
      status: 18,
      printed: 'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 590.48',
    },
    true,
    'driver-mismatch',
  ],
  [
    { status: 9, printed: "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver." },
    false,
    'driver-not-loaded',
  ],
  [{ status: 9, printed: 'Failed to initialize NVML: Driver Not Loaded' }, false, 'driver-not-loaded'],
  [{ status: 6, printed: 'No devices were found' }, false, 'no-devices'],
  [{ status: 4, printed: 'Failed to initialize NVML: Insufficient Permissions' }, false, 'no-permission'],
  [{ status: 255, printed: 'Failed to initialize NVML: Unknown Error' }, true, 'container-lost-devices'],
  [{ status: 255, printed: 'Failed to initialize NVML: Unknown Error' }, false, 'driver-failed'],
  [{ signal: 'SIGSEGV', printed: '' }, false, 'driver-failed'],
])('%j, in a container: %s → %s', ([end, inContainer, reason]) => {
  expect(smiFailure(end, inContainer)).toMatchObject({ ok: false, reason });
});

it('shows the first line and how it ended', () => {
  const end = { status: 6, printed: '\nNo devices were found\nmore' };
  expect(smiFailure(end, false).evidence).toBe('nvidia-smi: exit status 6, No devices were found');
});
