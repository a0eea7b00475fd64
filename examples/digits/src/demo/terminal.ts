import type { Logger } from '@tidewatch/core';

/** Where the demo speaks to a person: standard error, so that standard output stays a report. */
export interface Terminal {
  /** A line that stays. */
  say(line: string): void;
  /** The line at the bottom: replaced by the next one in a terminal, written now and then elsewhere. */
  progress(line: string): void;
  readonly logger: Logger;
}

/** A program that reads the output wants few lines. */
const QUIET_PROGRESS_EVERY = 10;

export function createTerminal(stream: NodeJS.WriteStream): Terminal {
  const isTerminal = stream.isTTY;
  let shown = false;
  let count = 0;

  function say(line: string): void {
    if (shown) stream.write('\r\u001B[K');
    shown = false;
    stream.write(`${line}\n`);
  }

  function progress(line: string): void {
    if (isTerminal) {
      stream.write(`\r\u001B[K${line.slice(0, stream.columns - 1)}`);
      shown = true;
    } else if (count++ % QUIET_PROGRESS_EVERY === 0) say(line);
  }

  const write = (fields: object, message: string): void => say(describe(fields, message));
  return { say, progress, logger: { debug: () => {}, info: write, warn: write, error: write } };
}

/** The autoscaler's lines are complete sentences; of others the error is worth a line. */
function describe(fields: object, message: string): string {
  const { error } = fields as { error?: unknown };
  return error instanceof Error ? `${message}: ${error.message}` : message;
}
