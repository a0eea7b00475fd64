import { seededRandom } from '../random/seeded-random.ts';
import { shuffle } from '../random/shuffle.ts';
import { digitClasses, pickImages, type ImageSet } from './image-set.ts';

export interface SplitOptions {
  /** The same seed gives the same split, so that separate processes agree on it. @defaultValue 1 */
  readonly seed?: number;
  /** Share of each class that is held back, in (0, 1). @defaultValue 0.2 */
  readonly testShare?: number;
}

/** Two sets without a common image. */
export interface Split {
  readonly train: ImageSet;
  readonly test: ImageSet;
}

/**
 * Holds back a share of every class for testing, drawn at random.
 *
 * Stratified: the share is that of each class, rounded to whole images. Both sets come out shuffled.
 */
export function splitImages(images: ImageSet, { seed = 1, testShare = 0.2 }: SplitOptions = {}): Split {
  const random = seededRandom(seed);
  const train: number[] = [];
  const test: number[] = [];
  for (const label of digitClasses.keys()) {
    const ofClass = Uint16Array.from(indicesOf(images.labels, label));
    shuffle(ofClass, random);
    const held = Math.round(ofClass.length * testShare);
    test.push(...ofClass.subarray(0, held));
    train.push(...ofClass.subarray(held));
  }
  const pick = (indices: readonly number[]): ImageSet => {
    const order = Uint16Array.from(indices);
    shuffle(order, random);
    return pickImages(images, order);
  };
  return { train: pick(train), test: pick(test) };
}

function indicesOf(labels: Uint8Array, wanted: number): number[] {
  const indices: number[] = [];
  for (const [index, label] of labels.entries()) if (label === wanted) indices.push(index);
  return indices;
}
