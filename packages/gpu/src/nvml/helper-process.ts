import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Clock } from '@tidewatch/core';
import type { GpuReport } from '../device/gpu-source.ts';
import { endsHelper, HELPER_CHANNEL, helperEnd, type HelperRequest } from './helper-protocol.ts';
import { replyUnpacker } from './packed-report.ts';
import { replySplitter } from './reply-splitter.ts';

/** Set in the environment of a helper: it must never start one, whatever ends up being run in it. */
export const HELPER_MARK = 'TIDEWATCH_GPU_HELPER';

// Beside this file when run from source, beside the bundle when built.
const helperPath = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './nvml-helper.ts' : './nvml-helper.js', import.meta.url),
);

/** A helper, seen from the service. It does not keep the service alive, except while somebody waits for it. */
export interface HelperProcess {
  readonly pid: number | undefined;
  isOver(): boolean;
  /** The question that it has not answered. */
  owes(): number | undefined;
  /**
   * The answer to one question. `aborted` when the signal stops the waiting; the helper is then left alone, and
   * the next question waits for the answer that it still owes. Never rejects.
   */
  ask(request: HelperRequest & { kind: 'read' }, signal: AbortSignal): Promise<GpuReport | 'aborted'>;
  /** Asks it to shut NVML down and to leave. */
  leave(): void;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
  /** Whether it has ended, now or within a while. */
  hasEnded(withinMs: number): Promise<boolean>;
  /** Keeps the service alive while it waits. */
  held<Value>(wait: () => Promise<Value>): Promise<Value>;
}

/** Starts a helper. Throws where Node may start no process at all. */
export function startHelper(libraryPath: string | undefined, clock: Clock): HelperProcess {
  const flags = ['--max-old-space-size=32', '--single-threaded', ...restrictions(process.execArgv)];
  const child = spawn(
    process.execPath,
    [...flags, helperPath, ...(libraryPath === undefined ? [] : [libraryPath])],
    {
      // NODE_OPTIONS may preload the very service that starts us.
      env: {
        ...process.env,
        NODE_OPTIONS: undefined,
        ELECTRON_RUN_AS_NODE: '1', // else the program there starts a second time; Node takes no notice
        [HELPER_MARK]: '1',
      },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      windowsHide: true,
    },
  );
  // Absent where there are no file descriptors left; 'error' follows.
  const channel = child.stdio?.[HELPER_CHANNEL] as Socket | undefined;
  /** The question that it has not answered. */
  let owed: number | undefined;
  let settle = (_answer: GpuReport | 'aborted'): void => {};

  function answer(report: GpuReport): void {
    owed = undefined;
    settle(report);
  }

  const split = replySplitter();
  const unpack = replyUnpacker();
  channel?.on('data', (chunk: Buffer) => {
    try {
      for (const packed of split(chunk)) {
        const { id, report } = unpack(packed);
        if (id === owed) answer(report);
      }
    } catch {
      // A memory that the driver has overwritten may say anything.
      answer({ ok: false, reason: 'helper-crashed', evidence: 'it answered what is no report' });
    }
  });
  channel?.on('error', () => {}); // it has ended: 'exit' says how
  // Not 'exit', which may come before the last of what it said.
  child.once('close', (status, signal) => answer(helperEnd(status, signal)));
  child.on('error', (error: NodeJS.ErrnoException) =>
    answer({ ok: false, reason: 'helper-not-started', evidence: error.code ?? error.message }),
  );

  // Without a process id it never started, and no 'exit' will follow.
  const isOver = (): boolean =>
    child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

  function nextAnswer(signal: AbortSignal): Promise<GpuReport | 'aborted'> {
    return new Promise((resolve) => {
      settle = resolve;
      if (signal.aborted) resolve('aborted');
      else signal.addEventListener('abort', () => resolve('aborted'), { once: true });
    });
  }

  function send(request: HelperRequest): void {
    channel?.write(`${JSON.stringify(request)}\n`, 'latin1');
  }

  /** Who waits for it; a close can begin while a question is out. */
  let holders = 0;

  /** While somebody waits for an answer the process must not end under them. */
  async function held<Value>(wait: () => Promise<Value>): Promise<Value> {
    holders++;
    child.ref();
    channel?.ref();
    try {
      return await wait();
    } finally {
      holders--;
      if (holders === 0) {
        child.unref();
        channel?.unref();
      }
    }
  }

  return {
    pid: child.pid,
    isOver,
    owes: () => owed,
    ask: (request, signal) =>
      held(async () => {
        if (owed !== undefined) {
          const late = await nextAnswer(signal);
          if (late === 'aborted' || endsHelper(late)) return late;
        }
        owed = request.id;
        const answered = nextAnswer(signal);
        send(request);
        return answered;
      }),
    leave() {
      send({ kind: 'close' });
    },
    signal(name) {
      if (!isOver()) child.kill(name);
    },
    async hasEnded(withinMs) {
      if (isOver()) return true;
      const ended = new AbortController();
      const onExit = (): void => ended.abort();
      child.once('exit', onExit);
      await clock.sleep(withinMs, ended.signal).catch(() => {});
      child.off('exit', onExit);
      return isOver();
    },
    held,
  };
}

/** What the service forbids itself, its helper must not do either. */
function restrictions(execArgv: readonly string[]): string[] {
  const isValue = (position: number): boolean =>
    /^--allow-fs-(read|write)$/.test(execArgv[position - 1] ?? '');
  return execArgv.filter(
    (argument, position) => /^--(no-addons|permission|allow-)/.test(argument) || isValue(position),
  );
}
