import { imageSide, pixelCount } from '../images/image-set.ts';
import { normal } from '../random/normal.ts';
import type { Random } from '../random/seeded-random.ts';

export interface LensOptions {
  /** How dirty: 0 is clean and changes nothing, 1 is the demo's. */
  readonly strength: number;
  readonly random: Random;
}

/** Standard deviation of the blur at strength 1, in pixels. */
const blurPixels = 1.6;
/** Standard deviation of the noise at strength 1, of 255. */
const noiseInk = 60;

/**
 * The image as a camera with grease and dust on its lens sees it: blurred, then noisy.
 *
 * @returns New pixels, 0 to 255; the given ones stay as they are.
 */
export function dirtyLens(pixels: ArrayLike<number>, { strength, random }: LensOptions): Uint8Array {
  if (strength === 0) return Uint8Array.from(pixels);
  const blurred = blur(pixels, strength * blurPixels);
  return Uint8Array.from(blurred, (ink) =>
    Math.round(Math.min(255, Math.max(0, ink + normal(random) * strength * noiseInk))),
  );
}

/** Gaussian blur, first along rows, then along columns. Outside of the image is paper. */
function blur(pixels: ArrayLike<number>, sigma: number): Float32Array {
  const side = imageSide;
  const radius = Math.ceil(2.5 * sigma);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const alongRows = new Float32Array(pixelCount);
  const alongBoth = new Float32Array(pixelCount);
  smear(pixels, alongRows, 1);
  smear(alongRows, alongBoth, side);
  return alongBoth;

  function smear(from: ArrayLike<number>, into: Float32Array, stride: number): void {
    for (let index = 0; index < into.length; index++) {
      const position = stride === 1 ? index % side : Math.floor(index / side);
      let sum = 0;
      for (let offset = -radius; offset <= radius; offset++) {
        const inside = position + offset >= 0 && position + offset < side;
        if (inside) sum += from[index + offset * stride]! * kernel[offset + radius]!;
      }
      into[index] = sum / total;
    }
  }
}
