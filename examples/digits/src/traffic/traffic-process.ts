import { fork, type ChildProcess } from 'node:child_process';
import type { TrafficCommand, TrafficConfig, TrafficProgress, TrafficReport } from './traffic-messages.ts';

/** Traffic in a process of its own. */
export interface TrafficProcess extends AsyncDisposable {
  /** The last progress heard; absent before the first. */
  progress(): TrafficProgress | undefined;
  /**
   * Stops the traffic, waits for open requests and returns the final progress. Safe to call twice.
   *
   * Rejects when the process ended before it could say its last counts.
   *
   * @param deadlineMs - Requests open after that are cut off. @defaultValue 5_000
   */
  stop(deadlineMs?: number): Promise<TrafficProgress>;
}

export interface TrafficProcessOptions {
  /** Called about once a second, and once more with the final counts. */
  readonly onProgress?: (progress: TrafficProgress) => void;
}

/**
 * Starts a process that sends the traffic; resolves when the first request is on its way.
 *
 * The process ends with its parent, however that ends.
 *
 * @throws Error when the configuration cannot be used or the process does not start.
 */
export async function startTrafficProcess(
  config: TrafficConfig,
  { onProgress }: TrafficProcessOptions = {},
): Promise<TrafficProcess> {
  const child = fork(new URL('./main.ts', import.meta.url), {
    // The parent's flags are not the child's. Node 22 warns about running TypeScript; we know.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // The parent's standard output may be a report for another program.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const started = heard(child, 'started');
  const done = heard(child, 'done');
  // Who never stops the traffic need not handle its end.
  done.catch(() => {});

  let last: TrafficProgress | undefined;
  child.on('message', (report: TrafficReport) => {
    if (report.type !== 'progress' && report.type !== 'done') return;
    last = report.progress;
    onProgress?.(last);
  });

  const send = (command: TrafficCommand): void => {
    // A channel that has closed is the business of 'exit'.
    if (child.connected) child.send(command, () => {});
  };
  send({ type: 'start', config });
  await started;

  async function finish(deadlineMs: number): Promise<TrafficProgress> {
    send({ type: 'stop', deadlineMs });
    const patience = AbortSignal.timeout(deadlineMs + 2_000);
    patience.addEventListener('abort', () => child.kill('SIGKILL'));
    const { progress } = await done;
    await exited;
    return progress;
  }

  let stopped: Promise<TrafficProgress> | undefined;
  const stop = (deadlineMs = 5_000): Promise<TrafficProgress> => (stopped ??= finish(deadlineMs));
  return {
    progress: () => last,
    stop,
    async [Symbol.asyncDispose]() {
      await stop().catch(() => {});
    },
  };
}

/** The first report of a type; rejects when the process fails or ends first. */
function heard<Type extends TrafficReport['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<TrafficReport, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const fail = (problem: string): void => reject(new Error(`traffic process: ${problem}`));
    child.on('message', (report: TrafficReport) => {
      if (report.type === type) resolve(report as Extract<TrafficReport, { type: Type }>);
      else if (report.type === 'failed') fail(report.message);
    });
    child.on('error', (error) => fail(error.message));
    child.on('exit', (status, signal) => fail(`ended with ${signal ?? `status ${status}`}`));
  });
}
