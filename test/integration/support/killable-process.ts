import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** A process of ours that is not asked before it ends. */
export interface KillableProcess {
  /** What the first line that has an address says. */
  readonly url: string;
  /** SIGKILL, and the wait for its end. */
  kill(): Promise<void>;
}

/** Runs a file of the repository until it is killed, at the latest when the test ends. */
export async function startKillable(file: string, args: readonly string[]): Promise<KillableProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning', file, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const exited = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /http:\/\/[\w.:/]+/.exec(line)?.[0];
      if (address !== undefined) resolve(address);
    });
    void exited.then(() =>
      reject(new Error(`${file} ended before it said where it is:\n${said.join('\n')}`)),
    );
  });
  return { url, kill };
}
