/**
 * Probability that an arrival finds all `servers` busy in M/M/c. 1 when the load is not below the servers.
 *
 * @param offeredLoad - Arrival rate × mean service time, in Erlang.
 * @see Erlang C from the recursion of Erlang B, B(0) = 1, B(k) = a·B(k-1) / (k + a·B(k-1)); O(servers).
 */
export function waitProbability(servers: number, offeredLoad: number): number {
  if (offeredLoad <= 0) return 0;
  if (offeredLoad >= servers) return 1;
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (offeredLoad * blocked) / (k + offeredLoad * blocked);
  return (servers * blocked) / (servers - offeredLoad * (1 - blocked));
}

/**
 * Share of requests that take longer than a time, waiting and service together, in M/M/c with one queue.
 *
 * @param servers - Replicas; each serves one request at a time.
 * @param offeredLoad - Arrival rate × mean service time, in Erlang; below `servers`.
 * @param time - In mean service times; 0 and less answers 1.
 *
 * @see P(T > t) = e^(-μt) · (1 + C · (1 - e^(-μtδ)) / δ) with δ = c - 1 - a; its limit for δ = 0 is e^(-μt)(1 + Cμt).
 */
export function sojournTail(servers: number, offeredLoad: number, time: number): number {
  if (time <= 0) return 1;
  const wait = waitProbability(servers, offeredLoad);
  const spare = servers - 1 - offeredLoad;
  // Near δ = 0 the quotient loses its digits, and the limit is exact enough.
  const queued = Math.abs(spare) < 1e-9 ? time : -Math.expm1(-time * spare) / spare;
  return Math.min(1, Math.exp(-time) * (1 + wait * queued));
}

/** Mean time in an M/M/c system, in mean service times. */
export function meanSojourn(servers: number, offeredLoad: number): number {
  if (offeredLoad >= servers) return Infinity;
  return 1 + waitProbability(servers, offeredLoad) / (servers - offeredLoad);
}
