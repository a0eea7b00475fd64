import type { Labels } from '@tidewatch/core';

/** The prime of FNV-1a 64 is 2^40 + this. */
const PRIME_LOW = 0x1b3;
const TWO_32 = 2 ** 32;

/**
 * The identity of a label set, equal to Alertmanager's: 16 hex digits, FNV-1a 64 over the sorted names and
 * values, each followed by the byte 0xff.
 *
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function fingerprint(labels: Labels): string {
  // The 64 bits in two halves: BigInt would take thirty times as long.
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  const bytes = bytesOf(labels);
  for (let at = 0; at < bytes.length; at++) {
    low = (low ^ (bytes[at] ?? 0)) >>> 0;
    const product = low * PRIME_LOW;
    // 2^40 × low moves it up by 8 bits of the upper half.
    high = (Math.imul(high, PRIME_LOW) + ((product / TWO_32) | 0) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

let buffer = Buffer.alloc(1024);

/** The sorted names and values, each followed by 0xff; valid until the next call. */
function bytesOf(labels: Labels): Uint8Array {
  let length = 0;
  const names = Object.keys(labels);
  if (names.length > 1) names.sort();
  for (const name of names) {
    const value = labels[name] ?? '';
    // No UTF-16 unit takes more than three bytes of UTF-8.
    const needed = length + 3 * (name.length + value.length) + 2;
    if (needed > buffer.length) buffer = Buffer.concat([buffer.subarray(0, length)], 2 * needed);
    length += buffer.write(name, length);
    buffer[length++] = 0xff;
    length += buffer.write(value, length);
    buffer[length++] = 0xff;
  }
  return buffer.subarray(0, length);
}
