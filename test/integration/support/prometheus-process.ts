import { execFileSync } from 'node:child_process';
import { startPrometheusServer } from '../../../packages/promql/test/fuzz/prometheus-server.ts';

export interface PrometheusProcess extends AsyncDisposable {
  readonly url: string;
  /** The samples of an instant query, as the HTTP API writes them. */
  query(expr: string): Promise<readonly { metric: Record<string, string>; value: [number, string] }[]>;
}

/** Whether a program is on the PATH. */
export function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts a real Prometheus server that scrapes one address every second. */
export async function startPrometheus(target: string): Promise<PrometheusProcess> {
  const server = await startPrometheusServer({
    config: {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      scrape_configs: [{ job_name: 'demo', static_configs: [{ targets: [target] }] }],
    },
  });
  return {
    url: server.url,
    async query(expr) {
      const { result } = await server.ask('query', { query: expr });
      return result as Awaited<ReturnType<PrometheusProcess['query']>>;
    },
    [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
  };
}
