import type { StateStore } from './state-store.ts';

/** Keeps nothing: what waits when the process dies is lost. */
export function createMemoryStore(): StateStore {
  const works: (() => void)[] = [];
  return {
    rows: () => new Map(),
    put() {},
    remove() {},
    beforeCommit: (work) => void works.push(work),
    async commit() {
      for (const work of works) work();
    },
    health: () => ({ quarantined: 0, bytes: 0 }),
    close: async () => {},
  };
}
