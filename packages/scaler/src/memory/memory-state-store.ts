import type { StateStore } from './state-store.ts';

/** Keeps the state for as long as the process lives: for tests, and for an autoscaler that is made anew. */
export function memoryStateStore(): StateStore {
  let kept: string | undefined;
  return {
    load: async () => kept,
    async save(text) {
      kept = text;
    },
  };
}
