/** What is written where all contenders can see it. */
export interface LeaseRecord {
  /** Who holds it; empty: it was given back. */
  readonly holder: string;
  /** Counts the changes of the holder. */
  readonly term: number;
  /** Changes with every renewal, so that others see that the holder lives. */
  readonly renewals: number;
  /** For how long the holder may act after a renewal. */
  readonly durationMs: number;
}

/** A record, and the version that a write must name. */
export interface VersionedRecord {
  readonly record: LeaseRecord;
  readonly version: string;
}

/** A place for one record with compare-and-swap: a file, a Lease of Kubernetes, a row of a database. */
export interface LeaseStore {
  /** `undefined`: there is none yet. */
  read(signal: AbortSignal): Promise<VersionedRecord | undefined>;
  /**
   * Writes if the version is still the one that was read (`undefined`: if there is still none). Answers
   * `false`, and has written nothing, if somebody else was faster.
   */
  write(record: LeaseRecord, version: string | undefined, signal: AbortSignal): Promise<boolean>;
}
