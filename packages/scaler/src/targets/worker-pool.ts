import {
  guardedLogger,
  silentLogger,
  systemClock,
  type Clock,
  type Disposable,
  type Logger,
} from '@tidewatch/core';
import cluster from 'node:cluster';
import { accessSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startReplicaProcess, type ReplicaProcess } from './pool/replica-process.ts';
import { restartDelayMs, type RestartOptions } from './pool/restart-delay.ts';
import type { ReplicaState, ScaleTarget } from './scale-target.ts';
import { withSignal } from '../with-signal.ts';

export { serveReplica, type Replica, type ServeReplicaOptions } from './pool/serve-replica.ts';
export type { RestartOptions } from './pool/restart-delay.ts';
export type { ReplicaState, ScaleTarget } from './scale-target.ts';

export interface WorkerPoolOptions {
  /** Script that each replica runs; it calls `serveReplica`, or listens by itself. */
  readonly script: string | URL;
  /** Arguments of the script. @defaultValue [] */
  readonly args?: readonly string[];
  /** In addition to the environment of this process. @defaultValue {} */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node for the replicas. @defaultValue those of this process */
  readonly execArgv?: readonly string[];
  /** Started at once. @defaultValue 1 */
  readonly initialReplicas?: number;
  /** A replica that does not listen within this time is killed and started again. @defaultValue 30_000 */
  readonly readyTimeoutMs?: number;
  /** A draining replica that still has connections after this time is stopped. @defaultValue 30_000 */
  readonly drainTimeoutMs?: number;
  /** A ready replica without a request for this long is idle. @defaultValue 60_000 */
  readonly idleAfterMs?: number;
  /**
   * How soon, and how often, a replica that died is started again.
   *
   * @defaultValue those of {@link RestartOptions}
   */
  readonly restart?: RestartOptions;
  /** Hears what the service sends by `process.send`. What it throws is logged. */
  readonly onMessage?: (message: unknown, workerId: number) => void;
  /** A replica is gone, planned or not. What it throws is logged. */
  readonly onExit?: (workerId: number) => void;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

export interface WorkerPool extends ScaleTarget, Disposable {
  /** Drains and stops every replica; bounded by the drain timeout. Replicas are not restarted from then on. */
  close(): Promise<void>;
  /** Resolves when all wanted replicas are ready; rejects when they crash again and again. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Sends a message to every replica's `process.on('message')`. */
  broadcast(message: object): void;
}

/** Why a pool could not be made, or could not do what it was asked for. */
export class WorkerPoolError extends Error {
  override readonly name = 'WorkerPoolError';
  readonly code:
    | 'not-primary'
    | 'no-round-robin'
    | 'script-unreadable'
    | 'bad-count'
    | 'crash-loop'
    | 'port-taken'
    | 'closed';

  constructor(code: WorkerPoolError['code'], message: string) {
    super(`workerPool: ${message}`);
    this.code = code;
  }
}

/** node:cluster shares a port among all children of a process: whose it is must be known for the whole process. */
const portOwners = new Map<number, symbol>();

/** This many failures in a row are a crash loop. */
const CRASH_LOOP = 3;

/** One wanted replica: a process, or the wait for its restart. */
interface Slot {
  replica: ReplicaProcess | undefined;
  /** Failures in a row. */
  failures: number;
  readonly dropped: AbortController;
}

interface Waiter {
  readonly waitsForDrained: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Replicas as child processes behind one port (node:cluster, round robin).
 *
 * Scaling fails no request: a new replica serves when it listens, an old one is drained before it stops. A
 * crashed replica is started again after a growing pause. When this process dies, the replicas exit.
 *
 * @throws {@link WorkerPoolError} in a worker of a cluster, without round robin, or when the script cannot be read.
 */
export function workerPool(options: WorkerPoolOptions): WorkerPool {
  const { args = [], env = {}, execArgv = process.execArgv, initialReplicas = 1 } = options;
  const { readyTimeoutMs = 30_000, drainTimeoutMs = 30_000, idleAfterMs = 60_000, restart } = options;
  const { onMessage, onExit, clock = systemClock } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);
  const script = checkedScript(options.script);
  const slots: Slot[] = [];
  const draining = new Set<ReplicaProcess>();
  const waiters = new Set<Waiter>();
  const identity = Symbol(script);
  let desired = checkedCount(initialReplicas);
  /** Why no replica can ever serve. */
  let refusal: WorkerPoolError | undefined;
  let isClosed = false;

  function reconcile(): void {
    while (slots.length < desired) {
      const slot: Slot = { replica: undefined, failures: 0, dropped: new AbortController() };
      slots.push(slot);
      startIn(slot);
    }
    for (const slot of slots.toSorted(cheapestFirst).slice(0, slots.length - desired)) {
      slots.splice(slots.indexOf(slot), 1);
      slot.dropped.abort();
      if (slot.replica === undefined) continue;
      draining.add(slot.replica);
      slot.replica.drain();
    }
    settle();
  }

  function startIn(slot: Slot): void {
    let child: ReplicaProcess;
    try {
      child = fork(slot);
    } catch (error) {
      // No memory, no file descriptor: the next attempt may find some, and the host must not fall.
      afterCrash(
        slot,
        undefined,
        `it could not be forked (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      );
      return;
    }
    slot.replica = child;
  }

  function fork(slot: Slot): ReplicaProcess {
    const child = startReplicaProcess({
      script,
      args,
      env,
      execArgv,
      readyTimeoutMs,
      drainTimeoutMs,
      clock,
      logger,
      onListening: (listening) => claim(listening, child),
      onReady: settle,
      onGone: (why) => {
        guarded(() => onExit?.(child.id));
        if (!draining.delete(child)) afterCrash(slot, child, why);
        settle();
      },
      onMessage: (message) => guarded(() => onMessage?.(message, child.id)),
    });
    return child;
  }

  /** Two pools on one port would get each other's connections. */
  function claim(listening: number, child: ReplicaProcess): void {
    const owner = portOwners.get(listening) ?? identity;
    if (owner === identity) {
      portOwners.set(listening, identity);
      return;
    }
    refusal = new WorkerPoolError(
      'port-taken',
      `another pool of this process listens on port ${listening}; give each pool a port of its own, not 0`,
    );
    logger.error({ port: listening }, refusal.message);
    child.kill();
    settle();
  }

  function afterCrash(slot: Slot, child: ReplicaProcess | undefined, why: string): void {
    slot.replica = undefined;
    if (refusal !== undefined) return;
    const { stableAfterMs = 10_000 } = restart ?? {};
    const readyAtMs = child?.readyAtMs;
    const wasStable = readyAtMs !== undefined && clock.now() - readyAtMs >= stableAfterMs;
    slot.failures = wasStable ? 1 : slot.failures + 1;
    const delayMs = restartDelayMs(slot.failures, restart);
    const fields = { workerId: child?.id, why, failures: slot.failures, delayMs };
    if (slot.failures < CRASH_LOOP) logger.warn(fields, 'a replica is gone and will be started again');
    else logger.error(fields, 'a replica crashes again and again');
    restartIn(slot, delayMs).catch(() => {}); // It is no longer wanted.
  }

  async function restartIn(slot: Slot, delayMs: number): Promise<void> {
    await clock.sleep(delayMs, slot.dropped.signal);
    startIn(slot);
    settle();
  }

  /** Wakes those whose wish has come true, or cannot. */
  function settle(): void {
    const isReady = slots.length === desired && slots.every(({ replica }) => replica?.phase === 'ready');
    const looping = slots.some(
      ({ failures, replica }) => failures >= CRASH_LOOP && replica?.phase !== 'ready',
    );
    for (const waiter of waiters) {
      if (refusal !== undefined && !isClosed) waiter.reject(refusal);
      else if (isReady && (!waiter.waitsForDrained || draining.size === 0)) waiter.resolve();
      else if (looping) {
        waiter.reject(
          new WorkerPoolError(
            'crash-loop',
            'replicas crash before they are ready; see the log of the script',
          ),
        );
      } else continue;
      waiters.delete(waiter);
    }
  }

  function settled(waitsForDrained: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      waiters.add({ waitsForDrained, resolve, reject });
      settle();
    });
  }

  function guarded(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      logger.error({ error }, 'a callback of the worker pool failed');
    }
  }

  async function observe(): Promise<ReplicaState> {
    if (isClosed) throw new WorkerPoolError('closed', 'the pool is closed');
    const ready = slots.flatMap(({ replica }) => (replica?.phase === 'ready' ? [replica] : []));
    const nowMs = clock.now();
    const isIdle = ({ inflight, lastBusyMs }: ReplicaProcess): boolean =>
      inflight === 0 && nowMs - lastBusyMs >= idleAfterMs;
    return {
      desired,
      ready: ready.length,
      starting: slots.length - ready.length,
      draining: draining.size,
      crashLooping: slots.filter(
        ({ failures, replica }) => failures >= CRASH_LOOP && replica?.phase !== 'ready',
      ).length,
      ...(ready.every(({ inflight }) => inflight !== undefined) ? { idle: ready.filter(isIdle).length } : {}),
    };
  }

  async function scaleTo(replicas: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (isClosed) throw new WorkerPoolError('closed', 'the pool is closed');
    const waitsForDrained = checkedCount(replicas) < desired;
    desired = replicas;
    reconcile();
    await withSignal(settled(waitsForDrained), signal);
  }

  let closing: Promise<void> | undefined;
  function close(): Promise<void> {
    closing ??= (async () => {
      isClosed = true;
      desired = 0;
      reconcile();
      await settled(true);
      // More than one, when all replicas of port 0 died at once and others took another.
      for (const [owned, owner] of portOwners) if (owner === identity) portOwners.delete(owned);
    })();
    return closing;
  }

  reconcile();
  return {
    observe,
    scaleTo,
    ready: (signal) => (signal === undefined ? settled(false) : withSignal(settled(false), signal)),
    broadcast: (message) => {
      for (const { replica } of slots) replica?.send(message);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Who goes first: waiting for a restart, then starting, then the least loaded, then the newest. */
function cheapestFirst(a: Slot, b: Slot): number {
  const cost = ({ replica }: Slot): number =>
    replica === undefined ? -2 : replica.phase === 'starting' ? -1 : (replica.inflight ?? 0);
  return cost(a) - cost(b) || (b.replica?.id ?? 0) - (a.replica?.id ?? 0);
}

function checkedCount(replicas: number): number {
  if (Number.isInteger(replicas) && replicas >= 0) return replicas;
  throw new WorkerPoolError('bad-count', `cannot scale to ${replicas} replicas; give a whole number from 0`);
}

function checkedScript(script: string | URL): string {
  if (!cluster.isPrimary) {
    throw new WorkerPoolError(
      'not-primary',
      'this process is itself a replica; make the pool in the process that starts them',
    );
  }
  if (cluster.schedulingPolicy !== cluster.SCHED_RR) {
    throw new WorkerPoolError(
      'no-round-robin',
      'connections are handed out by the operating system, which loses some when a replica stops; unset NODE_CLUSTER_SCHED_POLICY',
    );
  }
  const path = script instanceof URL ? fileURLToPath(script) : script;
  try {
    accessSync(path);
  } catch {
    throw new WorkerPoolError(
      'script-unreadable',
      `cannot read the script ${path}; give its path or a file: URL`,
    );
  }
  return path;
}
