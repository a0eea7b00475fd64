import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readControllers } from './graphics-controllers.ts';

/** A folder as the kernel lays it out: the files of each card's device. */
async function layOut(cards: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-drm-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [card, files] of Object.entries(cards)) {
    for (const [file, text] of Object.entries(files)) {
      const path = join(folder, card, 'device', file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, `${text}\n`);
    }
  }
  return folder;
}

const amd = { vendor: '0x1002', mem_info_vram_used: '1024', mem_info_vram_total: '17163091968' };

it('reads what the drivers of other makers tell, zero too, and leaves sleepers and NVIDIA alone', async () => {
  const folder = await layOut({
    card0: { ...amd, gpu_busy_percent: '0' },
    card1: { vendor: '0x8086' },
    card2: { vendor: '0x10de', gpu_busy_percent: '50' }, // NVML's
    card3: { ...amd, gpu_busy_percent: '70', 'power/runtime_status': 'suspended' },
    'card0-HDMI-A-1': { vendor: '0x1002' }, // a socket
    renderD128: { vendor: '0x1002' }, // the same card once more
  });
  expect(await readControllers(folder)).toEqual([
    { name: 'card0', vendor: 'amd', utilization: 0, memoryUsedBytes: 1024, memoryTotalBytes: 17_163_091_968 },
    { name: 'card1', vendor: 'intel' },
    { name: 'card3', vendor: 'amd' },
  ]);
});

it('knows of none where there is no such folder', async () => {
  expect(await readControllers('/nowhere')).toEqual([]);
});
