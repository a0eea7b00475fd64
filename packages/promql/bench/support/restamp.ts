import { readFileSync, writeFileSync } from 'node:fs';
import {
  decodeAxes,
  decodeTrailer,
  encodeAxes,
  encodeTrailer,
  TRAILER_BYTES,
} from '../../src/store/disk/segment-format.ts';

/** Copies a segment to another time: as good as one that was collected then, without collecting. */
export function restamp(from: string, to: string, byMs: number): void {
  const bytes = readFileSync(from);
  const end = bytes.length - TRAILER_BYTES;
  const trailer = decodeTrailer(bytes.subarray(end));
  if (trailer === undefined) throw new Error(`${from} is no segment`);
  const [axesLength, labelsLength, placesLength] = trailer.lengths;
  const placesAt = end - placesLength;
  const labelsAt = placesAt - labelsLength;
  const axesAt = labelsAt - axesLength;
  const axes = decodeAxes(bytes.subarray(axesAt, labelsAt)).map(({ id, times }) => ({
    id,
    times: times.map((time) => time + byMs),
  }));
  const tables = [
    encodeAxes(axes),
    bytes.subarray(labelsAt, placesAt),
    bytes.subarray(placesAt, end),
  ] as const;
  writeFileSync(to, Buffer.concat([bytes.subarray(0, axesAt), ...tables, encodeTrailer(tables)]));
}
