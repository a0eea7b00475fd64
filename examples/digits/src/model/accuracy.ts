import { digitClasses, imageAt, type ImageSet } from '../images/image-set.ts';
import type { Classify } from './classify.ts';

/** Share of the images that the classifier names rightly, 0 to 1; `undefined` for no images. */
export function accuracy(
  classify: Classify,
  images: ImageSet,
  through: (pixels: Uint8Array) => Uint8Array = (pixels) => pixels,
): number | undefined {
  if (images.count === 0) return undefined;
  let right = 0;
  for (let index = 0; index < images.count; index++) {
    const { label } = classify(through(imageAt(images, index)));
    if (label === digitClasses[images.labels[index]!]) right++;
  }
  return right / images.count;
}
