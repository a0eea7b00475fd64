type Closer = () => unknown;

/** Closes what was opened, in reverse order. */
export interface Cleanup {
  /** Remembers how to close something, and returns it. */
  add<Thing>(thing: Thing, close: (thing: Thing) => unknown): Thing;
  /** Closes everything, whatever fails; the first failure is thrown in the end. */
  run(): Promise<void>;
}

// `await using` with an AsyncDisposableStack would do; Node 22 has neither.
export function createCleanup(): Cleanup {
  const closers: Closer[] = [];
  return {
    add(thing, close) {
      closers.push(() => close(thing));
      return thing;
    },
    async run() {
      const failures: unknown[] = [];
      for (const close of closers.toReversed()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
