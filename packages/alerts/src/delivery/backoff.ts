const BASE_MS = 1000;
const CAP_MS = 300_000;

/**
 * How long to wait after the n-th failed attempt: exponential from 1 s to 5 min, with jitter over the upper half,
 * so that many senders do not come back together and none comes back at once.
 *
 * @param attempts - From 1.
 * @param random - Uniform in [0, 1).
 */
export function backoffMs(attempts: number, random: number): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempts - 1, 20));
  return Math.round(ceiling / 2 + (random * ceiling) / 2);
}
