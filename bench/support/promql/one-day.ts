import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { createStore } from '@tidewatch/promql';
import { startPrometheus, type PrometheusPeer } from '../prometheus-peer.ts';
import { RemoteWriter } from './remote-write.ts';
import { COLLECT_MS, ServiceMetrics } from './service-metrics.ts';

/** A boundary of two hours, as blocks have. */
const START_MS = 1_763_856_000_000;
const COLLECTS = 24 * 240;

export const LAST_MS: number = START_MS + (COLLECTS - 1) * COLLECT_MS;

export interface OneDay extends AsyncDisposable {
  /** Where the embedded store is. */
  readonly dataDir: string;
  /** The server that holds the same; undefined when there is none on the PATH. */
  readonly prometheus: PrometheusPeer | undefined;
}

/** 24 hours of 5,000 series every 15 s, in the embedded store and in Prometheus; a folder that has them is used again. */
export async function oneDay(folder: string): Promise<OneDay> {
  const dataDir = join(folder, 'tidewatch');
  const prometheus = await startPrometheus(join(folder, 'prometheus'));
  const marker = join(folder, 'complete');
  try {
    if (!existsSync(marker)) {
      await fill(dataDir, prometheus);
      writeFileSync(marker, '');
    }
    if (prometheus !== undefined) await compactionsOver(prometheus.url);
  } catch (error) {
    await prometheus?.[Symbol.asyncDispose]();
    throw error;
  }
  return { dataDir, prometheus, [Symbol.asyncDispose]: async () => prometheus?.[Symbol.asyncDispose]() };
}

async function fill(dataDir: string, prometheus: PrometheusPeer | undefined): Promise<void> {
  const metrics = new ServiceMetrics();
  const store = await createStore({ dataDir });
  const writer = prometheus === undefined ? undefined : new RemoteWriter(prometheus.url);
  for (let at = 0; at < COLLECTS; at++) {
    const timeMs = START_MS + at * COLLECT_MS;
    const samples = metrics.collect(at * COLLECT_MS);
    store.append(timeMs, samples);
    await writer?.collect(timeMs, samples);
    await nextTurn();
  }
  await writer?.flush();
  await store.close();
}

/** Prometheus makes blocks in the background for a while: it must not be slowed by that when it is timed. */
async function compactionsOver(url: string): Promise<void> {
  let before = '';
  for (let quietSeconds = 0; quietSeconds < 8; quietSeconds++) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const now =
      metrics.match(/^prometheus_tsdb_(?:compactions_total|head_min_time|blocks_loaded) .*$/gm)?.join() ?? '';
    if (now !== before) quietSeconds = 0;
    before = now;
    await sleep(1_000);
  }
}
