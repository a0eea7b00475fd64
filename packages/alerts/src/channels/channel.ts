import type { Labels, Locale } from '@tidewatch/core';
import type { Outcome } from '../delivery/outcome.ts';
import type { NotifyReason } from '../routing/should-notify.ts';
import type { ResolvedReason } from '../rules/alert-instance.ts';

/** One alert as a notification carries it. */
export interface NotifiedAlert {
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  /** Templates expanded; a failed one holds its error text. */
  readonly annotations: Labels;
  /** Present value; absent when it is not known. May be NaN. */
  readonly value: number | undefined;
  /** Last value while the condition held; absent for an alert that another program raised. */
  readonly firingValue: number | undefined;
  /** When the condition began to hold, before `for`. */
  readonly activeAtMs: number;
  /** When it began to fire. */
  readonly startsAtMs: number;
  readonly endsAtMs?: number;
  /** Why it no longer fires; absent while it does. */
  readonly resolvedReason?: ResolvedReason;
  /** Since when nobody measures what it is about, while it is kept firing for that reason. */
  readonly noDataSinceMs?: number;
  /** Expression of the rule; empty for an alert that another program raised. */
  readonly expr: string;
}

/** What is told to a receiver. Plain data: it can be written to disk and sent after a restart. */
export interface Notification {
  /** The same for every attempt: services that fold duplicates fold on it. */
  readonly id: string;
  /** `digest`: several notifications in one, because the channel may not send so many. */
  readonly kind: 'group' | 'digest';
  readonly receiver: string;
  readonly groupKey: string;
  /** `firing` while any alert fires. */
  readonly status: 'firing' | 'resolved';
  readonly reason: NotifyReason;
  readonly groupLabels: Labels;
  /** At least one. */
  readonly alerts: readonly NotifiedAlert[];
  /** How many notifications were merged; 1 for a group. */
  readonly merged: number;
  readonly createdAtMs: number;
  readonly locale: Locale;
  /** IANA name of the zone in which times are shown. */
  readonly timeZone: string;
  readonly externalUrl: string;
  /** An earlier attempt may have arrived. */
  readonly possiblyRepeated: boolean;
  /** The service refused the full text before: send the least that makes sense. */
  readonly plain: boolean;
  /** After a partial delivery: the recipients still missing, as the channel named them. Absent: everybody. */
  readonly recipients?: readonly string[];
}

/** At most `count` attempts in any window of `perMs`. */
export interface RateLimit {
  readonly count: number;
  readonly perMs: number;
}

/**
 * A place notifications go. Implement this to add one; run `channelConformance` of
 * `@tidewatch/alerts/testing` to know it is right.
 */
export interface Channel {
  /** Low-cardinality name for logs, metrics and `deliveredTo`. */
  readonly name: string;
  /** Absent: no limit. Attempts count, not successes. */
  readonly limit?: RateLimit;
  /** Whether resolved alerts are told. @defaultValue 'notify' */
  readonly resolved?: 'notify' | 'silent';
  /**
   * What the channel itself counts and must not forget over a restart, such as a daily budget. Plain data without
   * secrets: it is stored after each attempt, and given back before the first.
   */
  readonly memory?: { recall(): unknown; restore(remembered: unknown): void };
  /** One attempt. Never throws for what the service does; rejects with the signal's reason when aborted. */
  send(notification: Notification, signal: AbortSignal): Promise<Outcome>;
  /** Looks whether the channel would work, as deep as the mode says. Only `send` reaches people. */
  verify?(mode: VerifyMode, signal: AbortSignal): Promise<Verification>;
  /** Lets go of connections that were kept open. */
  close?(): Promise<void>;
}

/**
 * How deep a verification goes: `static` looks at the options and renders a message, `handshake` talks to the
 * service without leaving a message, `send` sends a test message.
 */
export type VerifyMode = 'static' | 'handshake' | 'send';

/** What a verification found. */
export interface Verification {
  readonly mode: VerifyMode;
  readonly ok: boolean;
  /** What was seen, or what to mend; never an address, a token or a phone number. */
  readonly detail: string;
}
