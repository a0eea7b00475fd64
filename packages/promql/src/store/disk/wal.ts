import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { LabelSet } from '../../labels/label-set.ts';
import type { Collect } from '../collect.ts';
import { encodeCollect } from './collect-record.ts';
import { RECORD_HEADER_BYTES, WAL_MAGIC } from './read-wal.ts';

/**
 * A write-ahead log, open for writing: one write a collect, so that killing the process loses at most the one in
 * flight. The disk is told to sync after each in the background: a power cut may lose the collects of a moment more.
 */
export class Wal {
  readonly path: string;
  bytes: number;
  /** Bytes of half a record could not be taken back: nothing may be written behind them. */
  isBroken = false;
  readonly #fd: number;
  readonly #ids = new Map<string, number>();
  readonly #onSyncError: (error: unknown) => void;
  #syncing: Promise<void> | undefined;
  #isDirty = false;

  /**
   * Opens a log, new or after what {@link readWal} found in it.
   *
   * @throws an error of the file system.
   */
  constructor(options: {
    readonly path: string;
    readonly goodBytes?: number;
    readonly series?: readonly LabelSet[];
    readonly onSyncError: (error: unknown) => void;
  }) {
    const { path, goodBytes = 0, series = [], onSyncError } = options;
    this.path = path;
    this.bytes = goodBytes;
    this.#onSyncError = onSyncError;
    for (const [id, { key }] of series.entries()) this.#ids.set(key, id);
    this.#fd = openSync(path, 'a');
    try {
      if (goodBytes === 0) {
        ftruncateSync(this.#fd, 0);
        this.#write(WAL_MAGIC);
      } else {
        ftruncateSync(this.#fd, goodBytes);
      }
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** Writes one collect. @throws an error of the file system; the log is then as it was, or broken. */
  append(collect: Collect): void {
    const { bytes: payload, added } = encodeCollect(collect, this.#ids);
    const record = Buffer.allocUnsafe(RECORD_HEADER_BYTES + payload.length);
    record.writeUInt32LE(payload.length, 0);
    record.writeUInt32LE(crc32(payload), 4);
    record.set(payload, RECORD_HEADER_BYTES);
    this.#write(record);
    for (const { key } of added) this.#ids.set(key, this.#ids.size);
    this.#isDirty = true;
    this.#syncing ??= this.#sync();
  }

  /** Waits for the disk, and closes. Never rejects. */
  async close(): Promise<void> {
    await this.#syncing;
    try {
      if (this.#isDirty) fdatasyncSync(this.#fd);
    } catch (error) {
      this.#onSyncError(error);
    }
    closeSync(this.#fd);
  }

  #write(bytes: Buffer): void {
    const before = this.bytes;
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
      this.bytes += bytes.length;
    } catch (error) {
      try {
        ftruncateSync(this.#fd, before);
      } catch {
        this.isBroken = true;
      }
      throw error;
    }
  }

  /** One sync at a time; collects that arrive meanwhile share the next. */
  async #sync(): Promise<void> {
    while (this.#isDirty) {
      this.#isDirty = false;
      await new Promise<void>((resolve) => {
        fdatasync(this.#fd, (error) => {
          if (error !== null) this.#onSyncError(error);
          resolve();
        });
      });
    }
    this.#syncing = undefined;
  }
}
