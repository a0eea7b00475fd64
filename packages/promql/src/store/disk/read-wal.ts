import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { LabelSet } from '../../labels/label-set.ts';
import type { Collect } from '../collect.ts';
import { decodeCollect } from './collect-record.ts';

/** First bytes of a write-ahead log; the digit is the version of the format. */
export const WAL_MAGIC: Buffer = Buffer.from('TIDEWAL1');
/** Length and CRC-32 in front of each record. */
export const RECORD_HEADER_BYTES = 8;

export interface WalContents {
  /** How many bytes, from the first, are whole. */
  readonly goodBytes: number;
  /** How many follow them: a record that was being written when the process died, or damage. */
  readonly cutBytes: number;
  /** The file's series in the order of their numbers. */
  readonly series: readonly LabelSet[];
}

/**
 * Reads a write-ahead log up to its first record that is not whole, and hands on each collect.
 *
 * @returns `undefined` when it is no such log at all.
 * @throws an error of the file system.
 */
export function readWal(path: string, onCollect: (collect: Collect) => void): WalContents | undefined {
  const file = readFileSync(path);
  const series: LabelSet[] = [];
  if (file.length < WAL_MAGIC.length && file.equals(WAL_MAGIC.subarray(0, file.length))) {
    return { goodBytes: 0, cutBytes: file.length, series };
  }
  if (!file.subarray(0, WAL_MAGIC.length).equals(WAL_MAGIC)) return undefined;

  const texts = new Map<string, string>();
  let at = WAL_MAGIC.length;
  while (at < file.length) {
    const payload = wholeRecord(file, at);
    const collect = payload === undefined ? undefined : decoded(payload, series, texts);
    if (payload === undefined || collect === undefined) break;
    onCollect(collect);
    at += RECORD_HEADER_BYTES + payload.length;
  }
  return { goodBytes: at, cutBytes: file.length - at, series };
}

function wholeRecord(file: Buffer, at: number): Buffer | undefined {
  const from = at + RECORD_HEADER_BYTES;
  if (from > file.length) return undefined;
  const length = file.readUInt32LE(at);
  if (from + length > file.length) return undefined;
  const payload = file.subarray(from, from + length);
  return crc32(payload) === file.readUInt32LE(at + 4) ? payload : undefined;
}

/** A tail of zeros, as a power cut leaves it, has the right checksum for a record of length 0: it is no collect. */
function decoded(payload: Buffer, series: LabelSet[], texts: Map<string, string>): Collect | undefined {
  try {
    return decodeCollect(payload, series, texts);
  } catch {
    return undefined;
  }
}
