import { imageAt, type ImageSet } from '../images/image-set.ts';

/** A camera: sees pixels, gives other pixels. */
export type Lens = (pixels: Uint8Array) => Uint8Array;

/**
 * Writes the bodies of `POST /classify`.
 *
 * Images are encoded once, those through the lens at their first use, so that sending costs little beside
 * the classifier on the same machine. Memory: about 1 kB for each image and lens.
 */
export function requestBodies(
  images: ImageSet,
  lens: Lens | undefined,
): (id: string, image: number, dirty: boolean) => string {
  const encode = (pixels: Uint8Array): string => Buffer.from(pixels).toString('base64');
  const clean = Array.from({ length: images.count }, (_, image) => encode(imageAt(images, image)));
  const dirty = new Map<number, string>();
  const throughLens = (image: number): string => {
    const known = dirty.get(image);
    if (known !== undefined || lens === undefined) return known ?? clean[image]!;
    const encoded = encode(lens(imageAt(images, image)));
    dirty.set(image, encoded);
    return encoded;
  };
  return (id, image, isDirty) =>
    `{"id":${JSON.stringify(id)},"pixels":"${isDirty ? throughLens(image) : clean[image]!}"}`;
}
