/** However the service ends and whatever the driver does: it ends, and so does its helper. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { hasGcc } from './gcc.ts';
import { isRunning } from './is-running.ts';
import { hangService, startService } from './start-service.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

// By process.exit(): service-ends.test.ts.
describe.skipIf(!hasGcc)('a service', () => {
  it('ends by itself when it has nothing more to do: the monitor does not hold it', async () => {
    const { service, status } = await startService();
    expect(status.state).toBe('ok');
    service.send('nothing more to do');
    expect(await once(service, 'exit')).toEqual([0, null]);
  });

  it('closes the monitor to the end while the driver hangs, with nothing else to do', async () => {
    const { service, nvml } = await startService();
    const helper = await hangService(service, nvml);
    service.send('close');
    expect(await once(service, 'exit')).toEqual([8, null]);
    expect(isRunning(helper)).toBe(false);
  });

  it('is killed while the driver hangs, and no helper stays', async () => {
    const { service, nvml } = await startService();
    const helper = await hangService(service, nvml);
    service.kill('SIGKILL');
    await once(service, 'exit');
    await vi.waitFor(() => expect(isRunning(helper)).toBe(false), 10_000);
  });

  it('finds the helper in the built package too', async () => {
    const built = join(packageFolder, 'node_modules/.cache/test-dist');
    const tsup = join(packageFolder, '../../node_modules/.bin/tsup');
    await promisify(execFile)(tsup, ['--out-dir', built], { cwd: packageFolder });
    const { service, status } = await startService(pathToFileURL(join(built, 'index.js')).href);
    expect(status).toMatchObject({ state: 'ok', source: 'nvml' });
    service.send('nothing more to do');
    await once(service, 'exit');
    // Bundled, koffi loads here and nowhere else: it looks for its native part beside itself.
    expect(await readFile(join(built, 'nvml-helper.js'), 'utf8')).toContain('import("koffi")');
  });
});
