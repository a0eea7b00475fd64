import type { Clock, Locale } from '@tidewatch/core';
import type { CommandTexts } from './command-texts.ts';

/** What a command may touch, so that tests can run it in process. */
export interface CommandHost {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends a command that would go on for ever. @defaultValue none: it goes on */
  readonly signal?: AbortSignal;
  /** @defaultValue that of the machine */
  readonly clock?: Pick<Clock, 'now'>;
}

/** 0 done, 1 what was looked at has faults, 2 called wrongly. */
export type ExitStatus = 0 | 1 | 2;

/** What a command was called with is wrong; the message says what to do. */
export class CommandUsageError extends Error {
  override readonly name = 'CommandUsageError';
}

/** The words and options of a call. What was not written is absent. */
export interface Call {
  /** What stands behind the words of the command: files, matchers, names. */
  readonly files: readonly string[];
  readonly lang: Locale;
  readonly texts: CommandTexts;
  readonly json: boolean;
  readonly out?: string;
  readonly format: string;
  readonly send: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly url?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly listen: string;
  /** A folder. */
  readonly data?: string;
  readonly labels: readonly string[];
  readonly duration?: string;
  readonly until?: string;
  readonly comment?: string;
  readonly author?: string;
  readonly expired: boolean;
}

export type Command = (call: Call, host: CommandHost) => ExitStatus | Promise<ExitStatus>;
