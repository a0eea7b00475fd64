import { readdir, readFile } from 'node:fs/promises';

/** A graphics controller that is not NVIDIA's, with what its driver tells; what it does not is absent. */
export interface GraphicsController {
  /** The kernel's name for it, such as `card0`. */
  readonly name: string;
  readonly vendor: 'amd' | 'intel' | 'other';
  /** Fraction in [0, 1] of the last moments in which it was busy. */
  readonly utilization?: number;
  readonly memoryUsedBytes?: number;
  readonly memoryTotalBytes?: number;
}

const DRM_FOLDER = '/sys/class/drm';
const vendors: Readonly<Record<string, GraphicsController['vendor']>> = {
  '0x1002': 'amd',
  '0x8086': 'intel',
};
const NVIDIA_VENDOR = '0x10de';

/**
 * The controllers of other makers on Linux, from the files of their kernel drivers (amdgpu tells most). One that
 * sleeps is left asleep, with nothing told of it.
 *
 * systeminformation's `graphics` is not asked: it runs nvidia-smi and waits for it with the event loop blocked,
 * and tells nothing where `lspci` is absent, as in most images (5.33, `lib/graphics.js`).
 *
 * @see https://docs.kernel.org/gpu/amdgpu/thermal.html
 */
export async function readControllers(folder: string = DRM_FOLDER): Promise<readonly GraphicsController[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^card\d+$/.test(name));
  const controllers = await Promise.all(names.toSorted().map((name) => readController(folder, name)));
  return controllers.filter((controller) => controller !== undefined);
}

async function readController(folder: string, name: string): Promise<GraphicsController | undefined> {
  const read = (file: string): Promise<string> =>
    readFile(`${folder}/${name}/device/${file}`, 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  const vendor = await read('vendor');
  if (vendor === '' || vendor === NVIDIA_VENDOR) return undefined;
  const identity = { name, vendor: vendors[vendor] ?? 'other' };
  if ((await read('power/runtime_status')) === 'suspended') return identity; // a reading would wake it
  const [percent, memoryUsedBytes, memoryTotalBytes] = await Promise.all(
    ['gpu_busy_percent', 'mem_info_vram_used', 'mem_info_vram_total'].map(async (file) =>
      number(await read(file)),
    ),
  );
  return {
    ...identity,
    ...(percent !== undefined && { utilization: Math.min(1, percent / 100) }),
    ...(memoryUsedBytes !== undefined && { memoryUsedBytes }),
    ...(memoryTotalBytes !== undefined && { memoryTotalBytes }),
  };
}

function number(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
