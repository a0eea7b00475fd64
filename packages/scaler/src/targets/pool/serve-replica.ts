import { systemClock, type Clock } from '@tidewatch/core';
import cluster from 'node:cluster';
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net';
import { isOurs, type ReplicaMessage } from './replica-message.ts';

export interface ServeReplicaOptions {
  /**
   * Port that all replicas share. 0: any free one, the same for all, and another one after all of them have
   * died at once.
   */
  readonly port: number;
  /** Address on which the replicas listen. @defaultValue all interfaces */
  readonly host?: string;
  /**
   * A connection older than this is answered with `Connection: close`, so that its client comes back and
   * new replicas get their share. @defaultValue 10_000
   */
  readonly connectionAgeMs?: number;
  /** Pause between load reports to the pool. @defaultValue 1000 */
  readonly reportIntervalMs?: number;
  /** Called after the last connection ended, before the process exits: flush and close here. */
  readonly onDrained?: () => void | Promise<void>;
  readonly clock?: Clock;
}

/** A replica that serves. */
export interface Replica {
  /** The port it listens on. */
  readonly port: number;
  /**
   * Stops accepting, and resolves when the last connection ended or the time is over. Idle keep-alive
   * connections run out by the server's `keepAliveTimeout`: closing one under a client's feet would fail
   * the request it is about to send.
   */
  drain(timeoutMs: number): Promise<void>;
}

/**
 * Serves as a replica of a `workerPool`: listens on the shared port, reports ready and load, drains when
 * told to, and exits. Run by itself, without a pool, it just listens.
 *
 * Call it when the service can answer: the pool sends requests from then on. Ctrl-C reaches every process
 * of a terminal, and a service manager's SIGTERM every process of a service: a replica ignores both and
 * leaves the order of stopping to its pool. When the pool is gone, it exits.
 */
export async function serveReplica(server: Server, options: ServeReplicaOptions): Promise<Replica> {
  const { port, host, connectionAgeMs = 10_000, reportIntervalMs = 1000 } = options;
  const { onDrained, clock = systemClock } = options;
  const responses = new Set<ServerResponse>();
  const connectedAtMs = new WeakMap<Socket, number>();
  let requests = 0;
  let isDraining = false;
  let handoverEnded = (): void => {};

  server.on('connection', (socket: Socket) => connectedAtMs.set(socket, clock.now()));
  // First of the listeners: the header must be set before the service answers.
  server.prependListener('request', ({ socket }, response) => {
    requests++;
    responses.add(response);
    response.once('close', () => responses.delete(response));
    const ageMs = clock.now() - (connectedAtMs.get(socket) ?? clock.now());
    if (isDraining || ageMs > connectionAgeMs) response.setHeader('connection', 'close');
  });

  async function drain(timeoutMs: number): Promise<void> {
    isDraining = true;
    for (const response of responses) {
      if (!response.headersSent) response.setHeader('connection', 'close');
    }
    const connectionsEnded = new Promise<void>((resolve) => {
      // http's own close() also cuts idle keep-alive connections, on which a request may be on its way.
      NetServer.prototype.close.call(server, () => resolve());
    });
    // A connection that the pool handed over meanwhile would be lost with this process: hear it out first.
    const handover = new Promise<void>((resolve) => {
      handoverEnded = resolve;
      if (!tell({ tidewatchPool: 'stopped-accepting' })) resolve();
    });
    const timeUp = new AbortController();
    await Promise.race([
      Promise.all([connectionsEnded, handover]),
      clock.sleep(timeoutMs, timeUp.signal).catch(() => {}),
    ]);
    timeUp.abort();
    server.closeAllConnections();
  }

  async function drainAndExit(timeoutMs: number): Promise<void> {
    await drain(timeoutMs);
    try {
      await onDrained?.();
    } finally {
      // The channel keeps its order: when this is written, so is everything before it.
      const exit = (): never => process.exit(0);
      if (!tell({ tidewatchPool: 'drained' }, exit)) exit();
    }
  }

  if (cluster.isWorker) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
    process.on('message', (message) => {
      if (!isOurs(message)) return;
      if (message.tidewatchPool === 'handover-ended') handoverEnded();
      if (message.tidewatchPool !== 'drain' || isDraining) return;
      drainAndExit(message.timeoutMs).catch(() => process.exit(1));
    });
    tell({ tidewatchPool: 'hello' });
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  if (tell({ tidewatchPool: 'ready' })) reportLoad().catch(() => {});

  async function reportLoad(): Promise<void> {
    let reported = '0 0';
    for (;;) {
      await clock.sleep(reportIntervalMs);
      const inflight = responses.size;
      if (reported === `${inflight} ${requests}` && inflight === 0) continue;
      reported = `${inflight} ${requests}`;
      if (!tell({ tidewatchPool: 'load', inflight, requests })) return;
    }
  }

  return { port: (server.address() as AddressInfo).port, drain };
}

/** Whether there is a pool to tell. */
function tell(message: ReplicaMessage, onWritten = (): void => {}): boolean {
  if (!cluster.isWorker || !process.connected) return false;
  process.send?.(message, undefined, undefined, onWritten);
  return true;
}
