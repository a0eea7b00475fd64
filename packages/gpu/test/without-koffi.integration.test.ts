/**
 * The package as npm installs it with `--omit=optional`: there is no koffi, and no compiler is asked for. In this
 * process: without-koffi.test.ts.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const run = promisify(execFile);
const packageFolder = fileURLToPath(new URL('..', import.meta.url));

interface Manifest {
  readonly publishConfig: object;
}

/** Builds the package, and lays it out with what it depends on, without what is optional. */
async function install(folder: string): Promise<void> {
  const home = join(folder, 'node_modules/@tidewatch/gpu');
  const tsup = join(packageFolder, '../../node_modules/.bin/tsup');
  await run(tsup, ['--out-dir', join(home, 'dist')], { cwd: packageFolder });
  const manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as Manifest;
  await writeFile(join(home, 'package.json'), JSON.stringify({ ...manifest, ...manifest.publishConfig }));
  for (const name of ['@tidewatch/core', 'systeminformation']) {
    const target = join(folder, 'node_modules', name);
    await mkdir(join(target, '..'), { recursive: true });
    await symlink(realpathSync(join(packageFolder, 'node_modules', name)), target);
  }
}

it('answers what is missing, and reads nvidia-smi where that is there', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'without-koffi-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await install(folder);
  const script = join(folder, 'service.mjs');
  await writeFile(
    script,
    `import { createGpuMonitor } from '@tidewatch/gpu';
const [libraryPath] = process.argv.slice(2);
const gpu = await createGpuMonitor({ libraryPath, timeoutMs: 60_000 });
console.log(JSON.stringify([gpu.status(), gpu.snapshot()?.devices.length ?? 0]));
await gpu.close();`,
  );
  const start = async (PATH: string): Promise<unknown> => {
    // The sibling's own source: it need not be built for this.
    const args = ['--conditions=@tidewatch/source', script, '/nowhere/libnvidia-ml.so.1'];
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, PATH } });
    return JSON.parse(stdout);
  };
  expect(await start(folder)).toMatchObject([
    { state: 'none', reason: 'ffi-not-installed', evidence: 'ERR_MODULE_NOT_FOUND', source: 'nvml' },
    0,
  ]);
  const smi = join(folder, 'nvidia-smi');
  await writeFile(smi, '#!/bin/sh\necho "0, GPU-1, NVIDIA H200, 590.48.01, 7, 1, 2, 41, 300.5"\n', {
    mode: 0o755,
  });
  expect(await start(`${folder}:${process.env['PATH']}`)).toMatchObject([
    { state: 'ok', source: 'nvidia-smi' },
    1,
  ]);
});
