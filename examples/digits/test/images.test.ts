import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { imageAt, imageSide, pixelCount, type ImageSet } from '../src/images/image-set.ts';
import { loadImages } from '../src/images/load-images.ts';
import { moveImage } from '../src/images/move-image.ts';
import { splitImages } from '../src/images/split-images.ts';

let images: ImageSet;
beforeAll(async () => {
  images = await loadImages();
});

describe('loadImages', () => {
  it('reads all 10,000 images, as many of each class as the first 10,000 of MNIST hold', () => {
    expect(images.count).toBe(10_000);
    expect(images.pixels).toHaveLength(10_000 * pixelCount);
    expect(perClass(images)).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
  });

  it('keeps the pixels where they were: a one is a stroke in the middle, a zero has a hole there', () => {
    const middle = 14 * imageSide + 14;
    const inkInMiddle = (label: number): number => {
      const ofClass = [...images.labels.keys()].filter((index) => images.labels[index] === label);
      return ofClass.reduce((sum, index) => sum + imageAt(images, index)[middle]!, 0) / ofClass.length;
    };
    expect(inkInMiddle(1)).toBeGreaterThan(150);
    expect(inkInMiddle(0)).toBeLessThan(30);
  });

  it('says which file is wrong, how, and what to do', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'digits-'));
    try {
      await writeFile(join(folder, '0.json'), '{"data":[0,1,0]}');
      await expect(loadImages(pathToFileURL(`${folder}/`))).rejects.toThrow(
        /0\.json: "data" is 3 numbers, expected a multiple of 784 numbers; reinstall/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('splitImages', () => {
  it('holds back a fifth of every class and loses nothing', () => {
    const { train, test } = splitImages(images);
    expect(train.count + test.count).toBe(10_000);
    expect(perClass(test)).toEqual([200, 225, 198, 206, 196, 173, 203, 214, 189, 196]);
  });

  it('never shows a test image in training, not even a copy of one', () => {
    const { train, test } = splitImages(images);
    const seen = new Set(Array.from({ length: train.count }, (_, index) => text(train, index)));
    const leaked = Array.from({ length: test.count }, (_, index) => text(test, index)).filter((image) =>
      seen.has(image),
    );
    expect(leaked).toEqual([]);
  });

  it('keeps every image with its own label', () => {
    const labelOf = new Map(
      Array.from({ length: images.count }, (_, index) => [text(images, index), images.labels[index]]),
    );
    const { test } = splitImages(images);
    const mislabelled = Array.from(test.labels).filter(
      (label, index) => labelOf.get(text(test, index)) !== label,
    );
    expect(mislabelled).toEqual([]);
  });

  it('is the same for the same seed and another for another', () => {
    const labels = (seed: number): Uint8Array => splitImages(images, { seed }).test.labels;
    expect(labels(7)).toEqual(labels(7));
    expect(labels(7)).not.toEqual(labels(8));
  });
});

describe('moveImage', () => {
  it.for([
    // dx  dy degrees  where the dot at (10, 14) goes   why the row is here
    [0, 0, 0, 10, 14], // stays
    [3, 0, 0, 13, 14], // right is +x
    [0, -2, 0, 10, 12], // up is −y
    [0, 0, 90, 13, 10], // clockwise: what is left of the centre goes above it
    [0, 0, 180, 17, 13], // the centre lies between pixels 13 and 14
  ] as const)('by (%i, %i) and %i° the dot goes to (%i, %i)', ([dx, dy, degrees, x, y]) => {
    const dot = new Uint8Array(pixelCount);
    dot[14 * imageSide + 10] = 200;
    const moved = new Float32Array(pixelCount);
    moveImage(dot, { dx, dy, degrees }, moved);
    expect(moved[y * imageSide + x]).toBeCloseTo(200, 3);
    expect(moved.reduce((sum, ink) => sum + ink, 0)).toBeCloseTo(200, 3);
  });

  it('shares a dot between four pixels when it lands between them', () => {
    const dot = new Uint8Array(pixelCount);
    dot[14 * imageSide + 10] = 200;
    const moved = new Float32Array(pixelCount);
    moveImage(dot, { dx: 0.5, dy: 0.5, degrees: 0 }, moved);
    expect(moved.filter((ink) => ink > 0)).toEqual(Float32Array.of(50, 50, 50, 50));
  });

  it('lets what leaves the paper vanish, and brings in blank paper', () => {
    const ink = new Uint8Array(pixelCount).fill(100);
    const moved = new Float32Array(pixelCount);
    moveImage(ink, { dx: 27, dy: 0, degrees: 0 }, moved);
    expect(moved.filter((value) => value > 0)).toHaveLength(imageSide);
  });
});

function perClass({ labels }: ImageSet): number[] {
  const counts = Array.from({ length: 10 }, () => 0);
  for (const label of labels) counts[label]!++;
  return counts;
}

function text(images: ImageSet, index: number): string {
  return Buffer.from(imageAt(images, index)).toString('latin1');
}
