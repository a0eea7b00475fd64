import { HEADER_NUMBERS, NUMBER_BYTES } from './packed-report.ts';

const SHORTEST = HEADER_NUMBERS * NUMBER_BYTES;
/** A thousand GPUs with all their processes take less. */
const LONGEST = 2 ** 24;

/**
 * Cuts what arrives from a helper into its replies; most arrive in one piece.
 *
 * Throws at a reply that claims an impossible length: nothing after it can be made out.
 */
export function replySplitter(): (chunk: Buffer) => readonly Buffer[] {
  let rest: Buffer = Buffer.alloc(0);

  return (chunk) => {
    let left: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const replies: Buffer[] = [];
    while (left.length >= SHORTEST) {
      const length = left.readDoubleLE();
      if (!(length >= SHORTEST && length <= LONGEST)) throw new Error(`a reply of ${length} bytes`);
      if (left.length < length) break;
      replies.push(left.subarray(0, length));
      left = left.subarray(length);
    }
    rest = left;
    return replies;
  };
}
