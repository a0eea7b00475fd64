import type { Labels } from '@tidewatch/core';

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const MASK = 0xffffffffffffffffn;

/**
 * The identity of a label set, equal to Alertmanager's: 16 hex digits, FNV-1a 64 over the sorted names and
 * values, each followed by the byte 0xff.
 *
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function fingerprint(labels: Labels): string {
  let hash = OFFSET;
  const mix = (byte: number): void => {
    hash = ((hash ^ BigInt(byte)) * PRIME) & MASK;
  };
  for (const name of Object.keys(labels).toSorted()) {
    for (const byte of Buffer.from(name)) mix(byte);
    mix(0xff);
    for (const byte of Buffer.from(labels[name] ?? '')) mix(byte);
    mix(0xff);
  }
  return hash.toString(16).padStart(16, '0');
}
