import type { Clock, Logger } from '@tidewatch/core';
import cluster, { type Worker } from 'node:cluster';
import { isOurs, type PoolMessage, type ReplicaMessage } from './replica-message.ts';

/** How a child process is started. */
interface ReplicaScript {
  readonly script: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly execArgv: readonly string[];
}

export interface ReplicaProcessOptions extends ReplicaScript {
  readonly readyTimeoutMs: number;
  readonly drainTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** It listens on this port: the first of its ports, if it has several. */
  readonly onListening: (port: number) => void;
  readonly onReady: () => void;
  readonly onGone: (why: string) => void;
  /** A message of the service itself. */
  readonly onMessage: (message: unknown) => void;
}

/** One child process, from its start to its exit. */
export interface ReplicaProcess {
  readonly id: number;
  readonly phase: 'starting' | 'ready' | 'draining' | 'gone';
  /** Requests it is working on, as last reported. Undefined: it does not report. */
  readonly inflight: number | undefined;
  /** When it last reported work, or became ready. */
  readonly lastBusyMs: number;
  /** Undefined: it never was. */
  readonly readyAtMs: number | undefined;
  /** Finishes what it has begun and goes; is killed when its time is over. */
  drain(): void;
  kill(): void;
  send(message: unknown): void;
}

/** Beyond its drain timeout a process gets this long for its own clean-up before it is killed. */
const KILL_GRACE_MS = 2000;

export function startReplicaProcess(options: ReplicaProcessOptions): ReplicaProcess {
  const { readyTimeoutMs, drainTimeoutMs, clock, logger, onListening, onReady, onGone, onMessage } = options;
  const worker = forkWorker(options);
  const gone = new AbortController();
  let phase: ReplicaProcess['phase'] = 'starting';
  let knowsDraining = false;
  let inflight: number | undefined;
  let lastBusyMs = clock.now();
  let readyAtMs: number | undefined;
  let killReason: string | undefined;

  function becomeReady(): void {
    if (phase !== 'starting') return;
    phase = 'ready';
    readyAtMs = clock.now();
    lastBusyMs = readyAtMs;
    onReady();
  }

  function becomeGone(why: string): void {
    if (phase === 'gone') return;
    phase = 'gone';
    gone.abort();
    onGone(killReason ?? why);
  }

  function send(message: unknown): void {
    if (!worker.isConnected()) return;
    worker.send(message as object, undefined, (error) => {
      if (error !== null) logger.debug({ error, workerId: worker.id }, 'a replica did not get a message');
    });
  }

  function sendDrain(): void {
    send({ tidewatchPool: 'drain', timeoutMs: drainTimeoutMs } satisfies PoolMessage);
  }

  /** Kills after a time, unless the process is gone or `isNeeded` says otherwise by then. */
  function killAfter(ms: number, isNeeded: () => boolean, reason: string): void {
    const wait = async (): Promise<void> => {
      await clock.sleep(ms, gone.signal);
      if (!isNeeded()) return;
      killReason = reason;
      worker.process.kill('SIGKILL');
    };
    wait().catch(() => {}); // It was gone before its time was over.
  }

  function hear(message: ReplicaMessage | PoolMessage): void {
    switch (message.tidewatchPool) {
      case 'hello':
        knowsDraining = true;
        inflight = 0;
        // It was told to stop before it could hear that: by a signal, which it ignores from now on.
        if (phase === 'draining') sendDrain();
        break;
      case 'ready':
        becomeReady();
        break;
      case 'load':
        inflight = message.inflight;
        lastBusyMs = clock.now();
        break;
      case 'stopped-accepting':
        // Our channel keeps its order: every connection handed over before this was heard by the replica.
        send({ tidewatchPool: 'handover-ended' } satisfies PoolMessage);
        break;
      case 'drained': // The exit that follows says the same.
      case 'drain':
      case 'handover-ended':
        break;
    }
  }

  worker.on('message', (message: unknown) => {
    if (isOurs(message)) hear(message);
    else onMessage(message);
  });
  worker.once('listening', ({ port }) => {
    onListening(port);
    if (!knowsDraining) becomeReady();
  });
  worker.on('error', (error) => {
    logger.error({ error, workerId: worker.id }, 'a replica process reported an error');
    if (worker.process.pid === undefined) becomeGone('it could not be started');
  });
  worker.on('exit', (code, signal) => becomeGone(signal === null ? `exit code ${code}` : `signal ${signal}`));
  killAfter(readyTimeoutMs, () => phase === 'starting', `it was not ready within ${readyTimeoutMs} ms`);

  return {
    id: worker.id,
    get phase() {
      return phase;
    },
    get inflight() {
      return inflight;
    },
    get lastBusyMs() {
      return lastBusyMs;
    },
    get readyAtMs() {
      return readyAtMs;
    },
    drain() {
      if (phase === 'draining' || phase === 'gone') return;
      const wasReady = phase === 'ready';
      phase = 'draining';
      if (!wasReady && !knowsDraining) worker.process.kill('SIGTERM');
      else if (knowsDraining) sendDrain();
      // Without `serveReplica` the best there is: closes its servers, idle connections included.
      else worker.disconnect();
      killAfter(drainTimeoutMs + KILL_GRACE_MS, () => true, `it did not drain within ${drainTimeoutMs} ms`);
    },
    kill() {
      worker.process.kill('SIGKILL');
    },
    send,
  };
}

/**
 * Forks with settings of its own. `setupPrimary` is global to the process: it is put back at once, so that
 * pools, and a host that uses the cluster itself, do not meet.
 */
function forkWorker({ script, args, env, execArgv }: ReplicaScript): Worker {
  const own = { exec: script, args: [...args], execArgv: [...execArgv] };
  const { exec = process.argv[1], args: argsBefore, execArgv: execArgvBefore } = cluster.settings;
  cluster.setupPrimary(own);
  try {
    return cluster.fork(env);
  } finally {
    cluster.setupPrimary({
      ...(exec === undefined ? {} : { exec }),
      args: argsBefore ?? process.argv.slice(2),
      execArgv: execArgvBefore ?? process.execArgv,
    });
  }
}
