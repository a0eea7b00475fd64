/** What the pool tells a replica. */
export type PoolMessage =
  /** Stop accepting, finish what has begun, exit within the time. */
  | { readonly tidewatchPool: 'drain'; readonly timeoutMs: number }
  /** No connection is on its way to you any more. */
  | { readonly tidewatchPool: 'handover-ended' };

/** What a replica tells its pool. */
export type ReplicaMessage =
  /** Runs `serveReplica`: knows how to drain, and says itself when it is ready. */
  | { readonly tidewatchPool: 'hello' }
  | { readonly tidewatchPool: 'ready' }
  /** Sent while there is something to tell; silence is idleness. */
  | { readonly tidewatchPool: 'load'; readonly inflight: number; readonly requests: number }
  | { readonly tidewatchPool: 'stopped-accepting' }
  /** The last message: everything has been answered. */
  | { readonly tidewatchPool: 'drained' };

/** Tells our messages from those of the service. */
export function isOurs(message: unknown): message is PoolMessage | ReplicaMessage {
  return typeof message === 'object' && message !== null && 'tidewatchPool' in message;
}
