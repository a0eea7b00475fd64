/** However the service ends and whatever the driver does: it ends, and so does its helper. */
import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { GpuStatus } from '../src/index.ts';
import { buildFakeNvml, type FakeNvml } from '../src/testing/index.ts';
import { hasGcc } from './gcc.ts';
import { isRunning } from './is-running.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const fromSource = new URL('../src/index.ts', import.meta.url).href;
const gpus = [{ uuid: 'GPU-1', name: 'Fake GPU', temperatureCelsius: 41 }];

async function startService(
  entry: string,
): Promise<{ service: ChildProcess; nvml: FakeNvml; status: GpuStatus }> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-nvml-'));
  const nvml = await buildFakeNvml({ folder });
  await nvml.play({ gpus });
  const service = fork(
    fileURLToPath(new URL('fixtures/service.ts', import.meta.url)),
    [entry, nvml.libraryPath],
    {
      execArgv: ['--conditions=@tidewatch/source'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  onTestFinished(async () => {
    service.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });
  const [status] = (await once(service, 'message')) as [GpuStatus];
  return { service, nvml, status };
}

/** Has the service read while the driver hangs; answers with the helper that hangs. */
async function hang(service: ChildProcess, nvml: FakeNvml): Promise<number> {
  await nvml.play({ gpus, hang: ['nvmlDeviceGetUUID'] });
  service.send('refresh');
  return vi.waitFor(async () => {
    const pid = await nvml.hangingProcess();
    expect(pid).toBeDefined();
    return pid ?? 0;
  }, 10_000);
}

describe.skipIf(!hasGcc)('a service', { timeout: 20_000 }, () => {
  it('ends by itself when it has nothing more to do: the monitor does not hold it', async () => {
    const { service, status } = await startService(fromSource);
    expect(status.state).toBe('ok');
    service.send('nothing more to do');
    expect(await once(service, 'exit')).toEqual([0, null]);
  });

  it('leaves by process.exit() while the driver hangs, and no helper stays', async () => {
    const { service, nvml } = await startService(fromSource);
    const helper = await hang(service, nvml);
    service.send('exit');
    expect(await once(service, 'exit')).toEqual([7, null]);
    await vi.waitFor(() => expect(isRunning(helper)).toBe(false), 10_000);
  });

  it('is killed while the driver hangs, and no helper stays', async () => {
    const { service, nvml } = await startService(fromSource);
    const helper = await hang(service, nvml);
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
