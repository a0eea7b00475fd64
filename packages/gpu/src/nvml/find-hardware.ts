import { access, readdir, readFile } from 'node:fs/promises';

/** Device files that only a machine with an NVIDIA GPU has; `/dev/dxg` is WSL's, the last two are Jetson's. */
const deviceFiles = ['/dev/nvidiactl', '/dev/nvidia0', '/dev/dxg', '/dev/nvhost-gpu', '/dev/nvgpu'] as const;

const PCI_FOLDER = '/sys/bus/pci/devices';
const NVIDIA_VENDOR = '0x10de';

/**
 * The first trace of an NVIDIA GPU on this Linux machine, such as `/dev/nvidiactl`; `undefined` when there is none.
 * Looks only at files: costs less than a millisecond and wakes nothing.
 */
export async function findHardware(): Promise<string | undefined> {
  for (const file of deviceFiles) {
    if (await exists(file)) return file;
  }
  for (const device of await readdir(PCI_FOLDER).catch(() => [])) {
    const vendor = await readText(`${PCI_FOLDER}/${device}/vendor`);
    // Class 0x03 is a display controller: NVIDIA also makes sound and network functions.
    if (vendor === NVIDIA_VENDOR && (await readText(`${PCI_FOLDER}/${device}/class`)).startsWith('0x03')) {
      return `PCI device ${device}`;
    }
  }
  return undefined;
}

/**
 * Whether every NVIDIA GPU of this Linux machine sleeps to save power, as those of laptops do. Opening one would
 * wake it, and reading it keep it awake. Unknown is awake.
 */
export async function allSuspended(folder: string = PCI_FOLDER): Promise<boolean> {
  const states: string[] = [];
  for (const device of await readdir(folder).catch(() => [])) {
    if ((await readText(`${folder}/${device}/vendor`)) !== NVIDIA_VENDOR) continue;
    if (!(await readText(`${folder}/${device}/class`)).startsWith('0x03')) continue;
    states.push(await readText(`${folder}/${device}/power/runtime_status`));
  }
  return states.length > 0 && states.every((state) => state === 'suspended');
}

/** Whether this process lives in a container, as far as the usual marks tell. */
export async function isInContainer(): Promise<boolean> {
  if ((await exists('/.dockerenv')) || (await exists('/run/.containerenv'))) return true;
  if (process.env['KUBERNETES_SERVICE_HOST'] !== undefined) return true;
  return /docker|containerd|kubepods|libpod/.test(await readText('/proc/1/cgroup'));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
}
