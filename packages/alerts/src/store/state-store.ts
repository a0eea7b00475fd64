import type { Entry } from '../delivery/entry.ts';
import type { ChannelHealth } from '../delivery/channel-health.ts';
import type { GroupRecord } from '../routing/dispatcher.ts';
import type { Silence } from '../routing/silences.ts';
import type { AlertInstance } from '../rules/alert-instance.ts';

/** What outlives the process, by table. Plain data: it goes to disk as JSON. */
export interface Records {
  /** Pending and firing alerts, by rule and fingerprint. */
  alert: { readonly rule: string; readonly instance: AlertInstance };
  /** Labels of the rules: a rule with others is another one. */
  rule: { readonly signature: string };
  /** Notification log: what a receiver was told of a group, and the recoveries that it was not told yet. */
  group: GroupRecord;
  /** Messages that were not accepted yet. */
  outbox: {
    readonly channel: string;
    readonly order: number;
    readonly sending: boolean;
    readonly entry: Entry;
  };
  /** Limiter and breaker of a channel, and what it remembers itself. */
  channel: ChannelHealth & { readonly memory?: unknown };
  silence: Silence;
  /** Which channels have accepted a message about one raising of an alert. */
  delivered: { readonly channels: readonly string[] };
  /** Alerts that resolved last, for the page. */
  resolved: AlertInstance;
  /** When the alerts were last evaluated: how long the process was away. */
  heartbeat: { readonly atMs: number };
  /** Raised alerts that a person has taken on, and steps of escalation that were taken. */
  escalation: { readonly acknowledgedBy?: string; readonly steps: number };
}

export type Table = keyof Records;

/** What a reader of the metrics and of the meta-alert is told about a store. */
export interface StoreHealth {
  /** Absent: what was committed is on disk. */
  readonly degraded?: { readonly reason: string; readonly sinceMs: number };
  /** Damaged records that were left out when the store was opened. */
  readonly quarantined: number;
  readonly bytes: number;
}

/**
 * Where alerting keeps what must outlive it.
 *
 * Everything put between two commits is one transaction: after a crash all of it is there, or none. A value may get
 * newer readings after it was put; which of them goes to disk does not matter.
 */
export interface StateStore {
  /** What the store held when it was opened, in the order of its first putting. */
  rows<T extends Table>(table: T): ReadonlyMap<string, Records[T]>;
  put<T extends Table>(table: T, key: string, value: Records[T]): void;
  remove(table: Table, key: string): void;
  /** Does this before each commit takes what was put: what it puts belongs to the same transaction. */
  beforeCommit(work: () => void): void;
  /** Resolves when all that was put before is safe, or the store is degraded. Never rejects. */
  commit(): Promise<void>;
  health(): StoreHealth;
  /** Commits, and gives the folder back. */
  close(): Promise<void>;
}
