import { execFile } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatScenario, type FakeScenario } from './fake-scenario.ts';

/** The C source of the fake library, for a build of your own: `gcc -shared -fPIC fake-nvml.c -ldl`. */
export const fakeNvmlSource: string = fileURLToPath(new URL('../../native/fake-nvml.c', import.meta.url));

export interface BuildFakeNvmlOptions {
  /** An existing folder to build in; the library and its scenario stay there. */
  readonly folder: string;
  /** Called as gcc is. @defaultValue 'gcc' */
  readonly compiler?: string;
  /** A driver of this age lacks the functions that came later: 470, 510, 570. @defaultValue 590 */
  readonly driverBranch?: number;
}

/** A library to pass as `libraryPath` to `createGpuMonitor`. */
export interface FakeNvml {
  readonly libraryPath: string;
  /** Changes what the library answers, at once and for processes that run already. */
  play(scenario: FakeScenario): Promise<void>;
  /** The process that a function has made hang since the scenario began; `undefined` while none has. */
  hangingProcess(): Promise<number | undefined>;
}

/**
 * Compiles a `libnvidia-ml.so.1` that answers from a scenario, so that a service can be tested against GPUs
 * that are busy, hot, lost, stuck or crash their driver. Linux with a C compiler only.
 *
 * Rejects with the compiler's own words when it fails or is not there.
 */
export async function buildFakeNvml(options: BuildFakeNvmlOptions): Promise<FakeNvml> {
  const { folder, compiler = 'gcc', driverBranch = 590 } = options;
  const libraryPath = join(folder, 'libnvidia-ml.so.1');
  const flags = ['-std=c11', '-O1', '-Wall', '-Wextra', '-Werror', '-fPIC', '-fvisibility=hidden', '-shared'];
  const names = [`-DFAKE_DRIVER_BRANCH=${driverBranch}`, '-Wl,-soname,libnvidia-ml.so.1'];
  await promisify(execFile)(compiler, [...flags, ...names, '-o', libraryPath, fakeNvmlSource, '-ldl']);
  return fakeNvmlAt(libraryPath);
}

/** The library that lies there already. */
export function fakeNvmlAt(libraryPath: string): FakeNvml {
  return {
    libraryPath,
    async play(scenario) {
      // By rename: the library must never see half a scenario.
      const target = `${libraryPath}.scenario`;
      await rm(`${libraryPath}.hanging`, { force: true });
      await writeFile(`${target}.new`, formatScenario(scenario));
      await rename(`${target}.new`, target);
    },
    async hangingProcess() {
      const pid = await readFile(`${libraryPath}.hanging`, 'utf8').catch(() => '');
      return pid === '' ? undefined : Number(pid);
    },
  };
}
