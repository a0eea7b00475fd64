import {
  ConfigError,
  guardedLogger,
  silentLogger,
  systemClock,
  type Clock,
  type Disposable,
  type Logger,
} from '@tidewatch/core';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { withSignal } from '../with-signal.ts';
import { decideLease } from './decide-lease.ts';
import type { LeaseStore, VersionedRecord } from './lease-record.ts';

export interface LeaseOptions {
  /** Names this contender; must differ from all others. @defaultValue host name, process id and a random part */
  readonly identity?: string;
  /** For how long a lease that is not renewed stays the holder's. @defaultValue 15_000 */
  readonly durationMs?: number;
  /** Pause between renewals, and between attempts to get it. @defaultValue a fifth of the duration */
  readonly renewEveryMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** The right to act on a target, which one process has at a time. */
export interface Lease extends Disposable {
  readonly identity: string;
  /**
   * Whether this process may act now. Judged by the monotonic clock at every call: a process that was paused,
   * or cut off, knows when it wakes up that its time is over.
   */
  isHeld(): boolean;
  /** Counts the holders. Absent: not held. */
  term(): number | undefined;
  /** Aborts when the lease that is held now is lost. Already aborted when none is held. */
  lost(): AbortSignal;
  /** Waits for the next renewal or attempt, and answers `isHeld()`. The first call starts them. */
  settled(signal: AbortSignal): Promise<boolean>;
  /** Gives it back, so that another gets it at once. */
  close(): Promise<void>;
}

/**
 * The holder acts for this share of the duration after a renewal was begun, and others wait the whole of it:
 * what is between pardons clocks of different speed, and a request that was on its way.
 */
const HOLDER_SHARE = 2 / 3;

/**
 * Contends for a lease and renews it, as leader election in Kubernetes does.
 *
 * @throws {@link ConfigError} when the renewals are not at least twice as frequent as the lease is short.
 */
export function holdLease(store: LeaseStore, options: LeaseOptions = {}): Lease {
  const { identity = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`, durationMs = 15_000 } =
    options;
  const { renewEveryMs = durationMs / 5, clock = systemClock } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);
  checkTimes(durationMs, renewEveryMs);
  const monotonic = (): number => clock.monotonic?.() ?? clock.now();
  const holdsForMs = durationMs * HOLDER_SHARE;
  const stop = new AbortController();
  /** What is written, and since when by our own clock. */
  let seen: { readonly found: VersionedRecord | undefined; readonly sinceMs: number } | undefined;
  let held: { readonly term: number; readonly untilMs: number } | undefined;
  let lost: AbortSignal = AbortSignal.abort(new Error('the lease is not held'));
  let lose: AbortController | undefined;
  let attempts: Promise<void> | undefined;
  let nextAttempt: Promise<void> = Promise.resolve();

  const isHeld = (): boolean => held !== undefined && monotonic() < held.untilMs;

  async function attempt(): Promise<void> {
    // From before the request: our time is running while it is on its way.
    const begunMs = monotonic();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(Math.max(1000, holdsForMs / 2))]);
    const found = await withSignal(store.read(signal), signal);
    if (seen === undefined || seen.found?.version !== found?.version) seen = { found, sinceMs: monotonic() };
    const view = { identity, durationMs, found, unchangedSinceMs: seen.sinceMs, nowMs: monotonic() };
    const decided = decideLease(view);
    if (decided.move === 'wait') {
      letGo();
      return;
    }
    if (!(await withSignal(store.write(decided.record, found?.version, signal), signal))) return;
    const { term } = decided.record;
    if (held?.term !== term || lose === undefined) {
      lose = new AbortController();
      lost = lose.signal;
      logger.info({ identity, term, reason: decided.reason }, 'lease: held');
    }
    held = { term, untilMs: begunMs + holdsForMs };
  }

  /** Somebody else holds it, or our time is over. */
  function letGo(): void {
    if (held === undefined) return;
    logger.warn({ identity, term: held.term }, 'lease: lost');
    held = undefined;
    lose?.abort(new Error('the lease was lost'));
    lose = undefined;
  }

  async function attemptUntilClosed(): Promise<void> {
    while (!stop.signal.aborted) {
      nextAttempt = attempt().catch((error: unknown) => {
        if (!stop.signal.aborted) logger.warn({ error, identity }, 'lease: cannot be asked for');
      });
      // A store that does not answer must not delay the end of the term.
      while (!(await endsWithin(nextAttempt, pauseMs()))) if (!isHeld()) letGo();
      await clock.sleep(pauseMs(), stop.signal).catch(() => {});
      if (!isHeld()) letGo();
    }
  }

  /** To the next renewal, or to the end of the term if that comes first. */
  function pauseMs(): number {
    const leftMs = held === undefined ? renewEveryMs : held.untilMs - monotonic();
    return Math.max(1, Math.min(renewEveryMs, leftMs));
  }

  async function endsWithin(promise: Promise<void>, ms: number): Promise<boolean> {
    const late = new AbortController();
    const waits = clock.sleep(ms, late.signal).then(
      () => false,
      () => true,
    );
    const ended = await Promise.race([promise.then(() => true), waits]);
    late.abort(new Error('no longer'));
    return ended;
  }

  let closing: Promise<void> | undefined;
  function close(): Promise<void> {
    closing ??= (async () => {
      const mayGiveBack = isHeld();
      stop.abort(new Error('the lease is closed'));
      await attempts;
      letGo();
      if (!mayGiveBack) return;
      const signal = AbortSignal.timeout(2000);
      try {
        const found = await withSignal(store.read(signal), signal);
        if (found?.record.holder !== identity) return;
        await withSignal(store.write({ ...found.record, holder: '' }, found.version, signal), signal);
      } catch (error) {
        logger.warn({ error, identity }, 'lease: could not be given back; it runs out by itself');
      }
    })();
    return closing;
  }

  return {
    identity,
    isHeld,
    term: () => (isHeld() ? held?.term : undefined),
    lost: () => {
      if (!isHeld()) letGo();
      return lost;
    },
    async settled(signal) {
      if (!stop.signal.aborted) attempts ??= attemptUntilClosed();
      await withSignal(nextAttempt, signal);
      return isHeld();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function checkTimes(durationMs: number, renewEveryMs: number): void {
  if (durationMs > 0 && renewEveryMs > 0 && renewEveryMs * 2 <= durationMs * HOLDER_SHARE) return;
  throw new ConfigError('holdLease', [
    {
      code: 'contradiction',
      path: 'renewEveryMs',
      problem: `renewals every ${renewEveryMs} ms do not keep a lease of ${durationMs} ms`,
      remedy: 'renew at least three times in its duration',
    },
  ]);
}
