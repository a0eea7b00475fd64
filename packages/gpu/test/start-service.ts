import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, vi } from 'vitest';
import type { GpuStatus } from '../src/index.ts';
import type { FakeNvml } from '../src/testing/index.ts';
import { fakeDriver } from './fake-driver.ts';

const fromSource = new URL('../src/index.ts', import.meta.url).href;
const gpus = [{ uuid: 'GPU-1', name: 'Fake GPU', temperatureCelsius: 41 }];

/** A process of its own, whose monitor reads the fake driver. `entry` is the URL of this package. */
export async function startService(
  entry: string = fromSource,
): Promise<{ service: ChildProcess; nvml: FakeNvml; status: GpuStatus }> {
  const nvml = await fakeDriver();
  await nvml.play({ gpus });
  const service = fork(
    fileURLToPath(new URL('fixtures/service.ts', import.meta.url)),
    [entry, nvml.libraryPath],
    {
      execArgv: ['--conditions=@tidewatch/source'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  onTestFinished(() => void service.kill('SIGKILL'));
  const [status] = (await once(service, 'message')) as [GpuStatus];
  return { service, nvml, status };
}

/** Has the service read while the driver hangs; answers with the helper that hangs. */
export async function hangService(service: ChildProcess, nvml: FakeNvml): Promise<number> {
  await nvml.play({ gpus, hang: ['nvmlDeviceGetUUID'] });
  service.send('refresh');
  return vi.waitFor(async () => {
    const pid = await nvml.hangingProcess();
    expect(pid).toBeDefined();
    return pid ?? 0;
  }, 10_000);
}
