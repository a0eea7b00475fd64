/** Width and height of an image in pixels. */
export const imageSide = 28;

/** Pixels of one image, row by row from the top left. */
export const pixelCount: number = imageSide * imageSide;

/** The classes, in the order of every score list. Class names are texts, as everywhere in Tidewatch. */
export const digitClasses: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Handwritten digits in one block of memory. */
export interface ImageSet {
  readonly count: number;
  /** `count` × {@link pixelCount} bytes; 0 is paper, 255 is ink. */
  readonly pixels: Uint8Array;
  /** For each image the index of its true class in {@link digitClasses}. */
  readonly labels: Uint8Array;
}

/** The pixels of one image: a view, not a copy. */
export function imageAt(images: ImageSet, index: number): Uint8Array {
  return images.pixels.subarray(index * pixelCount, (index + 1) * pixelCount);
}

/** The named images in the named order, copied. */
export function pickImages(images: ImageSet, indices: ArrayLike<number>): ImageSet {
  const count = indices.length;
  const pixels = new Uint8Array(count * pixelCount);
  const labels = new Uint8Array(count);
  for (let to = 0; to < count; to++) {
    const from = indices[to]!;
    pixels.set(imageAt(images, from), to * pixelCount);
    labels[to] = images.labels[from]!;
  }
  return { count, pixels, labels };
}
