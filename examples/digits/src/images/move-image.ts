import { imageSide } from './image-set.ts';

/** How a digit is moved on its paper. */
export interface Movement {
  /** Pixels to the right. */
  readonly dx: number;
  /** Pixels down. */
  readonly dy: number;
  /** Degrees clockwise about the centre. */
  readonly degrees: number;
}

const side = imageSide;
const last = side - 1;
const centre = last / 2;

/**
 * Writes the moved image into `into`, interpolating between the four nearest pixels.
 *
 * What comes in from outside is paper. Every output pixel costs the same, whatever the image.
 *
 * @param into - 784 numbers; overwritten. Values keep the scale of `pixels`.
 */
export function moveImage(
  pixels: ArrayLike<number>,
  { dx, dy, degrees }: Movement,
  into: Float32Array,
): void {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  for (let index = 0; index < into.length; index++) {
    const x = (index % side) - centre - dx;
    const y = Math.floor(index / side) - centre - dy;
    // Where the pixel comes from: the inverse rotation of where it goes to.
    const fromX = cos * x + sin * y + centre;
    const fromY = cos * y - sin * x + centre;
    const left = Math.floor(fromX);
    const top = Math.floor(fromY);
    const right = fromX - left;
    const below = fromY - top;
    into[index] =
      (1 - below) * ((1 - right) * inkAt(pixels, left, top) + right * inkAt(pixels, left + 1, top)) +
      below * ((1 - right) * inkAt(pixels, left, top + 1) + right * inkAt(pixels, left + 1, top + 1));
  }
}

function inkAt(pixels: ArrayLike<number>, x: number, y: number): number {
  return x < 0 || y < 0 || x > last || y > last ? 0 : pixels[y * side + x]!;
}
