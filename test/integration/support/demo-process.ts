import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What `npm run demo -- --seconds N --json` prints on its last line. */
export interface DemoReport {
  readonly requests: number;
  readonly failed: number;
  readonly accuracyBefore: number;
  readonly accuracyAfter: number;
  readonly alerts: readonly { name: string; state: string; deliveredTo: readonly string[] }[];
  readonly replicas: { readonly min: number; readonly max: number; readonly changes: number };
  readonly decisions: number;
  readonly p99Seconds: number;
  readonly pageUrl: string;
}

export interface DemoProcess {
  /** Address of the page. */
  readonly pageUrl: string;
  /** Everything it said on standard error so far, a line each. */
  readonly lines: readonly string[];
  /** Resolves when it ended by itself. */
  readonly finished: Promise<{ status: number | null; lastLine: string }>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the demo as a user does, but for the bootstrap: this process runs on the right Node already. */
export async function startDemo(...flags: string[]): Promise<DemoProcess> {
  const child = spawn(process.execPath, ['examples/digits/src/main.ts', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const output: string[] = [];
  const exited = once(child, 'close') as Promise<[number | null]>;
  createInterface({ input: child.stdout }).on('line', (line) => output.push(line));
  const errors = createInterface({ input: child.stderr });

  const pageUrl = await new Promise<string>((resolve, reject) => {
    errors.on('line', (line) => {
      lines.push(line);
      const address = /http:\/\/[\d.]+:\d+\/monitor/.exec(line);
      if (address) resolve(address[0]);
    });
    void exited.then(([status]) =>
      reject(new Error(`the demo ended with status ${status} before it showed a page:\n${lines.join('\n')}`)),
    );
  });
  return {
    pageUrl,
    lines,
    finished: exited.then(([status]) => ({ status, lastLine: output.at(-1) ?? '' })),
    kill: (signal) => child.kill(signal),
  };
}
