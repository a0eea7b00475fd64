import { pixelCount } from '../images/image-set.ts';
import { BodyError, describeValue } from './body-error.ts';

/** What a client asks to be classified. */
export interface ImageRequest {
  /** The client's name for this request, by which a true label may follow; absent if it gave none. */
  readonly id?: string;
  /** 784 bytes, 0 (paper) to 255 (ink). */
  readonly pixels: Uint8Array;
}

/** Longer ids would be kept in memory until their label comes. */
const longestId = 128;

const expectedPixels = `${pixelCount} whole numbers from 0 to 255, or base64 of ${pixelCount} bytes`;

/**
 * Reads the body of `POST /classify`: `{ id?, pixels }`, pixels as a list or as base64.
 *
 * @throws {@link BodyError} with the place, what was there and what should be.
 */
export function parseImage(body: unknown): ImageRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const expected = 'a JSON object { "id": "…", "pixels": "…" }, sent as application/json';
    throw new BodyError('body', describeValue(body), expected);
  }
  const { id, pixels } = body as { id?: unknown; pixels?: unknown };
  const parsed = { pixels: parsePixels(pixels) };
  return id === undefined ? parsed : { id: parseId('id', id), ...parsed };
}

/** @throws {@link BodyError} unless the value is a text of 1 to 128 characters. */
export function parseId(place: string, id: unknown): string {
  if (typeof id === 'string' && id.length > 0 && id.length <= longestId) return id;
  throw new BodyError(place, describeValue(id), `a text of 1 to ${longestId} characters`);
}

function parsePixels(pixels: unknown): Uint8Array {
  if (typeof pixels === 'string') return decodeBase64(pixels);
  if (!Array.isArray(pixels) || pixels.length !== pixelCount) {
    throw new BodyError('pixels', describeValue(pixels), expectedPixels);
  }
  const parsed = new Uint8Array(pixelCount);
  for (const [index, ink] of pixels.entries()) {
    if (!Number.isInteger(ink) || ink < 0 || ink > 255) {
      const remedy = ink > 0 && ink < 1 ? ' (brightness from 0 to 1 has to be multiplied by 255)' : '';
      throw new BodyError(`pixels[${index}]`, describeValue(ink), `a whole number from 0 to 255${remedy}`);
    }
    parsed[index] = ink as number;
  }
  return parsed;
}

function decodeBase64(text: string): Uint8Array {
  // Buffer.from skips what is not base64 and so would shift the image instead of refusing it.
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new BodyError('pixels', 'a text that is not base64', expectedPixels);
  }
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== pixelCount) {
    throw new BodyError('pixels', `base64 of ${bytes.length} bytes`, expectedPixels);
  }
  return bytes;
}
