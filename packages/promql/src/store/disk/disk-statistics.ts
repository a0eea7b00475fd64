import type { Logger, MetricFamily } from '@tidewatch/core';
import { storeDiskBytes, storeDiskErrors, storeDiskRepairs } from '../../metrics.ts';

/** What the disk was asked to do when it failed: the values of the label `operation`. */
const OPERATIONS = ['open', 'write', 'sync', 'seal', 'read', 'remove'] as const;
export type DiskOperation = (typeof OPERATIONS)[number];

/** What was done about damage: the values of the label `repair`. */
const REPAIRS = ['wal_cut', 'quarantined'] as const;
export type Repair = (typeof REPAIRS)[number];

/** Counts what the disk does. A failing operation is logged once, and once more when it works again. */
export class DiskStatistics {
  readonly #logger: Logger;
  readonly #errors = new Map<DiskOperation, number>();
  readonly #repairs = new Map<Repair, number>();
  readonly #failing = new Set<DiskOperation>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  fail(operation: DiskOperation, error: unknown): void {
    this.#errors.set(operation, (this.#errors.get(operation) ?? 0) + 1);
    if (this.#failing.has(operation)) return;
    this.#failing.add(operation);
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    this.#logger.warn(
      { operation, code },
      'the store cannot use its disk and answers from memory; further failures are only counted',
    );
  }

  succeed(operation: DiskOperation): void {
    if (!this.#failing.delete(operation)) return;
    this.#logger.info({ operation }, 'the store can use its disk again');
  }

  repair(repair: Repair, fields: object): void {
    this.#repairs.set(repair, (this.#repairs.get(repair) ?? 0) + 1);
    const message =
      repair === 'wal_cut'
        ? 'the end of a write-ahead log was not whole and was cut off'
        : 'a damaged file of the store was set aside';
    this.#logger.warn({ repair, ...fields }, message);
  }

  families(walBytes: number, segmentBytes: number): readonly MetricFamily[] {
    return [
      {
        definition: storeDiskBytes,
        points: [
          { labels: { kind: 'wal' }, value: walBytes },
          { labels: { kind: 'segment' }, value: segmentBytes },
        ],
      },
      {
        definition: storeDiskErrors,
        points: OPERATIONS.map((operation) => ({
          labels: { operation },
          value: this.#errors.get(operation) ?? 0,
        })),
      },
      {
        definition: storeDiskRepairs,
        points: REPAIRS.map((repair) => ({ labels: { repair }, value: this.#repairs.get(repair) ?? 0 })),
      },
    ];
  }
}
