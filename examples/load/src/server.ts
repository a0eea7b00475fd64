// The Express example as a pool that grows and shrinks with its traffic: put load on it with load.ts or locust.
import { fileURLToPath } from 'node:url';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createClassifierMonitor, receiveForwarded, requestMetrics } from '@tidewatch/core';
import { createEngine, createStore, openTelemetryReader } from '@tidewatch/promql';
import { createAutoscaler, loadAutoscalerConfig } from '@tidewatch/scaler';
import { workerPool } from '@tidewatch/scaler/worker-pool';
import { languages } from '../../express/src/model.ts';

const config = process.env['CONFIG'] ?? fileURLToPath(new URL('../config.yaml', import.meta.url));
const say = (_fields: object, line: string): void => console.log(line);
const logger = { debug: () => {}, info: say, warn: say, error: say };

const monitor = createClassifierMonitor({ model: 'languages', classes: languages });
const requests = requestMetrics();
const receive = receiveForwarded({ monitor, requests });
const pool = workerPool({
  script: new URL('replica.ts', import.meta.url),
  onMessage(message, worker) {
    const { servesPort } = message as { servesPort?: number };
    if (servesPort === undefined) receive(message, String(worker));
    else console.log(`replica ${worker} serves http://127.0.0.1:${servesPort}/classify`);
  },
  onExit: (worker) => receive.forget(String(worker)),
});

const store = await createStore();
const { query } = createEngine({ store });
const autoscaler = createAutoscaler({
  config: loadAutoscalerConfig(config),
  query,
  target: pool,
  locale: process.env['LANG']?.startsWith('zh') === true ? 'zh-CN' : 'en',
  logger,
});
const metricProducers = [monitor, requests, autoscaler].map(({ metricProducer }) => metricProducer);
const reader = openTelemetryReader(store, { intervalMs: 1000, metricProducers });
const meters = new MeterProvider({ readers: [reader] });
await pool.ready();
autoscaler.start();

async function close(): Promise<void> {
  await autoscaler.close();
  await pool.close();
  await meters.shutdown();
  await store.close();
}
process.once('SIGTERM', () => void close());
