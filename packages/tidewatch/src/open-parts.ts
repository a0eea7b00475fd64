import type { Logger } from '@tidewatch/core';

/** Parts that were opened and have to be closed. */
export interface OpenParts {
  /** Remembers how to close a part, and returns the part. */
  add<Part>(part: Part, close: (part: Part) => Promise<void>): Part;
  /** Closes all, the last opened first; one that fails is logged and the others are closed. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/** Keeps what was opened, so that it can be closed in reverse: who asks is closed before who answers. */
export function openParts(logger: Logger): OpenParts {
  const closers: (() => Promise<void>)[] = [];
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    for (const close of closers.toReversed()) {
      try {
        await close();
      } catch (error) {
        logger.error({ error }, 'a part could not be closed');
      }
    }
  }

  return {
    add(part, close) {
      closers.push(() => close(part));
      return part;
    },
    close: () => (closing ??= closeAll()),
  };
}
