import { Agent, request } from 'node:http';

/** What a load run saw. */
export interface LoadReport {
  readonly answered: number;
  readonly failures: readonly string[];
  /** Process ids that answered. */
  readonly pids: ReadonlySet<string>;
}

/** Real requests over real keep-alive sockets, as fast as they are answered, until stopped. */
export function startLoad(port: number, clients = 12): { stop(): Promise<LoadReport>; pids: Set<string> } {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const pids = new Set<string>();
  const failures: string[] = [];
  let answered = 0;
  const stopped = new AbortController();

  const once = (): Promise<void> =>
    new Promise((resolve) => {
      const outgoing = request({ agent, port, host: '127.0.0.1', path: '/' }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => {
          if (response.statusCode === 200) answered++;
          else failures.push(`HTTP ${response.statusCode}`);
          pids.add(body);
          resolve();
        });
        response.on('error', (error) => {
          failures.push(`response: ${error.message}`);
          resolve();
        });
      });
      outgoing.on('error', (error) => {
        failures.push(`request: ${error.message}`);
        resolve();
      });
      outgoing.end();
    });
  const client = async (): Promise<void> => {
    while (!stopped.signal.aborted) await once();
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    pids,
    async stop() {
      stopped.abort();
      await all;
      agent.destroy();
      return { answered, failures, pids };
    },
  };
}
