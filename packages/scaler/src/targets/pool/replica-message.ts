/** What the pool tells a replica. */
export type PoolMessage =
  /** Stop accepting, finish what has begun, exit within the time. */
  | { readonly tidewatch: 'drain'; readonly timeoutMs: number }
  /** No connection is on its way to you any more. */
  | { readonly tidewatch: 'handover-ended' };

/** What a replica tells its pool. */
export type ReplicaMessage =
  /** Runs `serveReplica`: knows how to drain, and says itself when it is ready. */
  | { readonly tidewatch: 'hello' }
  | { readonly tidewatch: 'ready' }
  /** Sent while there is something to tell; silence is idleness. */
  | { readonly tidewatch: 'load'; readonly inflight: number; readonly requests: number }
  | { readonly tidewatch: 'stopped-accepting' }
  /** The last message: everything has been answered. */
  | { readonly tidewatch: 'drained' };

/** Tells our messages from those of the service. */
export function isOurs(message: unknown): message is PoolMessage | ReplicaMessage {
  return typeof message === 'object' && message !== null && 'tidewatch' in message;
}
