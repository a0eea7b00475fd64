import type { StateStore } from './state-store.ts';

/** Keeps nothing: what waits when the process dies is lost. */
export function createMemoryStore(): StateStore {
  return {
    rows: () => new Map(),
    put() {},
    remove() {},
    commit: async () => {},
    health: () => ({ quarantined: 0, bytes: 0 }),
    close: async () => {},
  };
}
