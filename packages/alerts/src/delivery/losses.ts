/** Counts what was given up, for the alert about it. */
export interface Losses {
  add(channel: string, atMs: number): void;
  /** By channel; those without a loss are left out. */
  lastHour(nowMs: number): ReadonlyMap<string, number>;
}

const HOUR_MS = 3_600_000;
/** More than this need not be told apart. */
const MAX_COUNTED = 1000;

export function createLosses(): Losses {
  const times = new Map<string, number[]>();
  return {
    add(channel, atMs) {
      times.set(channel, [...(times.get(channel) ?? []), atMs].slice(-MAX_COUNTED));
    },
    lastHour(nowMs) {
      const counts = new Map<string, number>();
      for (const [channel, all] of times) {
        const recent = all.filter((atMs) => atMs > nowMs - HOUR_MS);
        if (recent.length === 0) times.delete(channel);
        else counts.set(channel, recent.length);
      }
      return counts;
    },
  };
}
