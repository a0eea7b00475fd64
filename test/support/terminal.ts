import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A command that runs as in a terminal of its own. */
export interface Terminal {
  /** Resolves when what was printed so far matches, or with all of it when the command has ended well. */
  printed(pattern?: RegExp): Promise<string>;
  /** Ends it as a service manager does. @returns the exit status; 0 for a command that had ended well before */
  stop(): Promise<number | null>;
}

/** Runs shell lines in a folder. */
export function openTerminal(
  lines: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Terminal {
  const child = spawn('bash', ['-e', '-c', lines], {
    ...options,
    detached: true, // a process group, so that `stop` reaches what the shell started
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  let out = '';
  let err = '';
  let look = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));

  return {
    async printed(pattern) {
      const matched = new Promise<'matched'>((resolve) => {
        look = () => {
          if (pattern?.test(out.trimEnd()) === true) resolve('matched');
        };
        look();
      });
      const end = await Promise.race([matched, closed]);
      if (end !== 'matched' && end[0] !== 0) throw new Error(`exit status ${end[0]}\n${out}${err}`);
      return out.trimEnd();
    },
    async stop() {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      return (await closed)[0];
    },
  };
}
