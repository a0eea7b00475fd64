import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** What a load run saw. */
interface LoadReport {
  readonly answered: number;
  readonly failures: readonly string[];
  /** Process ids that answered. */
  readonly pids: ReadonlySet<string>;
}

export interface Load {
  answered(): number;
  /** Process ids that have answered so far. */
  pids(): ReadonlySet<string>;
  /** From now on each client waits between its requests, long enough to be hardly a load. */
  slowDown(): void;
  stop(): Promise<LoadReport>;
}

/** Real requests over real keep-alive sockets, as fast as they are answered. */
export function startLoad(port: number, clients = 12): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const stopped = new AbortController();
  const pids = new Set<string>();
  const failures: string[] = [];
  let answered = 0;
  let pauseMs = 0;

  const once = (): Promise<void> =>
    new Promise((resolve) => {
      const fail = (error: Error): void => {
        failures.push(error.message);
        resolve();
      };
      const outgoing = request({ agent, port, host: '127.0.0.1', path: '/' }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('error', fail);
        response.on('end', () => {
          if (response.statusCode === 200) answered++;
          else failures.push(`HTTP ${response.statusCode}`);
          pids.add(body);
          resolve();
        });
      });
      outgoing.on('error', fail);
      outgoing.end();
    });
  const client = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await once();
      if (pauseMs > 0) await pause(pauseMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    answered: () => answered,
    pids: () => pids,
    slowDown: () => {
      pauseMs = 1000;
    },
    async stop() {
      stopped.abort();
      await all;
      agent.destroy();
      return { answered, failures, pids };
    },
  };
}
