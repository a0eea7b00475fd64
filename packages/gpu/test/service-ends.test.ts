/** However the service ends and whatever the driver does: it ends, and so does its helper. */
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { hasGcc } from './gcc.ts';
import { isRunning } from './is-running.ts';
import { hangService, startService } from './start-service.ts';

// Killed, at the end of its work, and built: service-ends.integration.test.ts.
describe.skipIf(!hasGcc)('a service', () => {
  it('leaves by process.exit() while the driver hangs, and no helper stays', async () => {
    const { service, nvml } = await startService();
    const helper = await hangService(service, nvml);
    service.send('exit');
    expect(await once(service, 'exit')).toEqual([7, null]);
    await vi.waitFor(() => expect(isRunning(helper)).toBe(false), 10_000);
  });
});
