import { fork, type ChildProcess } from 'node:child_process';
import { isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';
import { systemClock, type Clock } from '@tidewatch/core';
import type { GpuReport, GpuSource } from '../device/gpu-source.ts';
import { unpackReport } from './packed-report.ts';
import { slowRounds } from './slow-rounds.ts';
import { endsHelper, helperEnd, type HelperReply, type HelperRequest } from './helper-protocol.ts';

export interface NvmlSourceOptions {
  /** Path of NVML itself, for places that are not searched. */
  readonly libraryPath?: string;
  /** Pause between the readings that are dear. @defaultValue 60_000 */
  readonly slowIntervalMs?: number;
  /** Whose GPU memory is read with them. @defaultValue 'self' */
  readonly processes?: 'off' | 'self' | 'all';
  readonly clock?: Clock;
}

/** How long a helper may take to shut NVML down before it is killed. */
const CLOSE_MS = 2_000;
/** How long the end of a helper may take before it is killed, and then before it counts as stuck in the kernel. */
const KILL_MS = 1_000;

/** Set in the environment of a helper: it must never start one, whatever ends up being run in it. */
const HELPER_MARK = 'TIDEWATCH_GPU_HELPER';

// Beside this file when run from source, beside the bundle when built.
const helperPath = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './nvml-helper.ts' : './nvml-helper.js', import.meta.url),
);

/**
 * NVML in a helper process, started at the first reading.
 *
 * A reading that is aborted kills the helper; one that finds the driver failed lets it leave by itself. Either
 * can stay, while the kernel waits for the driver or NVML does not shut down; until it has gone no other is
 * started, so there is at most one.
 */
export function nvmlSource(options: NvmlSourceOptions = {}): GpuSource {
  const { libraryPath, processes = 'self', clock = systemClock } = options;
  let helper: ChildProcess | undefined;
  /** Let go of, and not known to have ended. */
  let leaving: ChildProcess | undefined;
  let requests = 0;
  const isSlow = slowRounds(options);

  function start(): ChildProcess {
    const child = fork(helperPath, libraryPath === undefined ? [] : [libraryPath], {
      execArgv: ['--max-old-space-size=32', ...restrictions(process.execArgv)],
      // NODE_OPTIONS may preload the very service that starts us.
      env: { ...process.env, NODE_OPTIONS: undefined, [HELPER_MARK]: '1' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.once('exit', () => {
      if (helper === child) helper = undefined;
      if (leaving === child) leaving = undefined;
    });
    // Told to whoever waits. Without a process id it never started, and no 'exit' will follow.
    child.on('error', () => {
      if (child.pid === undefined && helper === child) helper = undefined;
    });
    return child;
  }

  async function hasEnded(child: ChildProcess, withinMs: number): Promise<boolean> {
    if (isOver(child)) return true;
    const ended = new AbortController();
    const onExit = (): void => ended.abort();
    child.once('exit', onExit);
    hold(child);
    await clock.sleep(withinMs, ended.signal).catch(() => {});
    release(child);
    child.off('exit', onExit);
    return isOver(child);
  }

  /** No other helper is started before this one has ended. */
  function letGo(child: ChildProcess): void {
    if (helper === child) helper = undefined;
    if (!isOver(child)) leaving = child;
  }

  function kill(child: ChildProcess): void {
    letGo(child);
    if (isOver(child)) return;
    child.kill('SIGKILL');
    release(child);
  }

  async function hasLeft(child: ChildProcess): Promise<boolean> {
    if (await hasEnded(child, KILL_MS)) return true;
    kill(child);
    return hasEnded(child, KILL_MS);
  }

  return {
    name: 'nvml',
    async read(signal) {
      const before = leaving;
      if (before !== undefined && !(await hasLeft(before))) {
        return { ok: false, reason: 'helper-stuck', evidence: `process ${before.pid} does not end` };
      }
      if (isSea() || process.env[HELPER_MARK] !== undefined) {
        // There is no plain Node to fork: the program itself would be started again.
        return { ok: false, reason: 'helper-not-allowed', evidence: 'single executable application' };
      }
      try {
        helper ??= start();
      } catch (error) {
        const evidence = (error as NodeJS.ErrnoException).code ?? String(error);
        return { ok: false, reason: 'helper-not-allowed', evidence };
      }
      const child = helper;
      hold(child);
      const request = { kind: 'read', id: ++requests, slow: isSlow(), processes } as const;
      const report = await ask(child, request, signal);
      release(child);
      if (report === 'aborted') {
        kill(child);
        return { ok: false, reason: 'helper-stuck', evidence: `process ${child.pid} was killed` };
      }
      if (endsHelper(report)) letGo(child);
      return report;
    },
    async close() {
      const child = helper ?? leaving;
      if (child === undefined) return;
      if (child.connected) child.send({ kind: 'close' } satisfies HelperRequest, () => {});
      if (!(await hasEnded(child, CLOSE_MS))) kill(child);
    },
  };
}

/** The answer to one request, or that the helper ended, or that the caller stopped waiting. Never rejects. */
function ask(
  child: ChildProcess,
  request: HelperRequest & { kind: 'read' },
  signal: AbortSignal,
): Promise<GpuReport | 'aborted'> {
  return new Promise((resolve) => {
    const settle = (answer: GpuReport | 'aborted'): void => {
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      signal.removeEventListener('abort', onAbort);
      resolve(answer);
    };
    const onMessage = (reply: unknown): void => {
      const { id, report } = reply as HelperReply;
      if (id === request.id) settle(unpackReport(report));
    };
    const onExit = (status: number | null, signal: string | null): void => settle(helperEnd(status, signal));
    const onError = (error: NodeJS.ErrnoException): void =>
      settle({ ok: false, reason: 'helper-not-started', evidence: error.code ?? error.message });
    const onAbort = (): void => settle('aborted');

    child.on('message', onMessage).on('exit', onExit).on('error', onError);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else child.send(request, () => {}); // a failed send is followed by 'exit'
  });
}

function isOver(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** What the service forbids itself, its helper must not do either. */
function restrictions(execArgv: readonly string[]): string[] {
  const isValue = (position: number): boolean =>
    /^--allow-fs-(read|write)$/.test(execArgv[position - 1] ?? '');
  return execArgv.filter(
    (argument, position) => /^--(no-addons|permission|allow-)/.test(argument) || isValue(position),
  );
}

/** While somebody waits for an answer the process must not end under them. */
function hold(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}

/** Between readings the helper must not keep the service alive. */
function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}
