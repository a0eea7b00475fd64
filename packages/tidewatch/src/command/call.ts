import type { Locale } from '@tidewatch/core';
import type { CommandTexts } from './command-texts.ts';

/** What a command may touch, so that tests can run it in process. */
export interface CommandHost {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends a command that would go on for ever. @defaultValue none: it goes on */
  readonly signal?: AbortSignal;
}

/** 0 done, 1 what was looked at has faults, 2 called wrongly. */
export type ExitStatus = 0 | 1 | 2;

/** What a command was called with is wrong; the message says what to do. */
export class CommandUsageError extends Error {
  override readonly name = 'CommandUsageError';
}

/** The words and options of a call. */
export interface Call {
  readonly files: readonly string[];
  readonly lang: Locale;
  readonly texts: CommandTexts;
  readonly out: string | undefined;
  readonly format: string;
  readonly json: boolean;
  readonly send: boolean;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly url: string | undefined;
  readonly listen: string;
  readonly tokenFile: string | undefined;
}

export type Command = (call: Call, host: CommandHost) => ExitStatus | Promise<ExitStatus>;
