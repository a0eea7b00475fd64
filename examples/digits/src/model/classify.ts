import { digitClasses, pixelCount } from '../images/image-set.ts';
import { moveImage, type Movement } from '../images/move-image.ts';
import { activationsOf, forward, type Network } from './network.ts';

/** The answer for one image. */
interface Classification {
  /** The most likely class. */
  readonly label: string;
  /** Its mean probability, 0 to 1. */
  readonly confidence: number;
  /** Mean probability of each class, in the order of `digitClasses`; they add up to 1. */
  readonly scores: readonly number[];
}

export interface ClassifierOptions {
  /** Shifts tried along each axis, in pixels: `[-1, 0, 1]` means nine. @defaultValue `[-1, 0, 1]` */
  readonly shifts?: readonly number[];
  /** Turns tried with each shift, in degrees. @defaultValue `[-10, -5, 0, 5, 10]` */
  readonly turns?: readonly number[];
}

/** Classifies 784 pixels, 0 (paper) to 255 (ink). It computes for milliseconds and blocks meanwhile. */
export type Classify = (pixels: ArrayLike<number>) => Classification;

/**
 * Makes a classifier that looks at every image in many positions and averages what it sees.
 *
 * This test-time augmentation answers better than a single look, and costs one forward pass for each
 * position: `shifts`² × `turns`.
 */
export function createClassifier(
  network: Network,
  { shifts = [-1, 0, 1], turns = [-10, -5, 0, 5, 10] }: ClassifierOptions = {},
): Classify {
  const movements: Movement[] = turns.flatMap((degrees) =>
    shifts.flatMap((dy) => shifts.map((dx) => ({ dx, dy, degrees }))),
  );
  if (movements.length === 0)
    throw new Error('createClassifier: shifts and turns must each name at least one');
  const activations = activationsOf(network);
  const input = new Float32Array(pixelCount);
  return (pixels) => {
    const scaled = Float32Array.from(pixels, (ink) => ink / 255);
    const scores = new Float64Array(digitClasses.length);
    for (const movement of movements) {
      moveImage(scaled, movement, input);
      forward(network, input, activations);
      for (let label = 0; label < scores.length; label++) {
        scores[label]! += activations.scores[label]! / movements.length;
      }
    }
    const best = scores.indexOf(Math.max(...scores));
    return { label: digitClasses[best]!, confidence: scores[best]!, scores: [...scores] };
  };
}
