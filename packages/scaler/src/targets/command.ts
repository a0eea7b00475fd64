import { ConfigError, systemClock, type Clock } from '@tidewatch/core';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { readReplicaState } from './read-replica-state.ts';
import type { ReplicaState, ScaleTarget } from './scale-target.ts';
import { settlingTarget } from './settling-target.ts';
import { TargetError } from './target-error.ts';

export { TargetError } from './target-error.ts';
export type { ReplicaState, ScaleTarget } from './scale-target.ts';

export interface CommandTargetOptions {
  /**
   * Program and arguments that print the count: `3`, or `{ "desired": 3, "ready": 2 }`. No shell is involved.
   */
  readonly observe: readonly [program: string, ...args: string[]];
  /**
   * Program and arguments that change it; `{replicas}` in an argument is replaced. It may return before the
   * replicas are there. In its environment: `TIDEWATCH_REPLICAS`, and `TIDEWATCH_IDEMPOTENCY_KEY`, which stays the
   * same when it is run again for the same change.
   */
  readonly scale: readonly [program: string, ...args: string[]];
  /** In addition to the environment of this process. Secrets belong here: arguments can be seen by others. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command that takes longer is killed. @defaultValue 30_000 */
  readonly timeoutMs?: number;
  /** Further attempts of one change. @defaultValue 2 */
  readonly retries?: number;
  /** Pause between two looks at a change under way, and before the first further attempt. @defaultValue 1000 */
  readonly pollMs?: number;
  readonly clock?: Clock;
}

/** Exit status by which a command says that trying again is of no use (BSD: wrong usage). */
const EX_USAGE = 64;
const MAX_OUTPUT_BYTES = 64 * 1024;

/**
 * Two commands: one counts the replicas, one changes them.
 *
 * Errors name the program and its exit status, and neither arguments nor output, which may hold secrets.
 *
 * @throws {@link ConfigError} when a command is empty.
 */
export function commandTarget(options: CommandTargetOptions): ScaleTarget {
  const { env = {}, timeoutMs = 30_000, retries = 2, pollMs = 1000, clock = systemClock } = options;
  const observeCommand = checked('observe', options.observe);
  const scaleCommand = checked('scale', options.scale);

  function run(
    [program, ...args]: readonly [string, ...string[]],
    more: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const bounds = {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
        signal,
      } as const;
      execFile(program, args, { ...bounds, env: { ...process.env, ...env, ...more } }, (error, stdout) => {
        if (error === null) resolve(stdout);
        else if (signal.aborted) reject(signal.reason as Error);
        else reject(failure(program, error));
      });
    });
  }

  async function observe(signal: AbortSignal): Promise<ReplicaState> {
    return readReplicaState('command', await run(observeCommand, {}, signal));
  }

  async function change(replicas: number, signal: AbortSignal): Promise<void> {
    const [program, ...args] = scaleCommand;
    const filled = args.map((arg) => arg.replaceAll('{replicas}', String(replicas)));
    const more = { TIDEWATCH_REPLICAS: String(replicas), TIDEWATCH_IDEMPOTENCY_KEY: randomUUID() };
    for (let attempt = 0; ; attempt++) {
      try {
        await run([program, ...filled], more, signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (attempt >= retries || (error as { isFinal?: boolean }).isFinal === true) throw error;
      }
      await clock.sleep(pollMs * 2 ** attempt, signal);
    }
  }

  return settlingTarget({ name: 'command', observe, change, pause: (signal) => clock.sleep(pollMs, signal) });
}

function failure(
  program: string,
  { code, killed }: { code?: number | string | null; killed?: boolean },
): TargetError {
  const why =
    killed === true ? 'took too long' : typeof code === 'number' ? `exit status ${code}` : (code ?? 'killed');
  const error = new TargetError('command-failed', `command: ${basename(program)} failed (${why})`);
  return Object.assign(error, { isFinal: code === EX_USAGE || code === 'ENOENT' || code === 'EACCES' });
}

function checked(
  path: 'observe' | 'scale',
  command: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  if (Array.isArray(command) && command.length > 0 && command[0] !== '') return command;
  throw new ConfigError('commandTarget', [
    { code: 'missing-key', path, problem: 'expected a program and its arguments, as a list' },
  ]);
}
