import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Row } from '../report.ts';
import { KeepAliveClient } from './client.ts';
import { LAST_MS, type OneDay } from './one-day.ts';
import { pathOf, QUESTIONS } from './questions.ts';
import { requireSameAnswer } from './same-answer.ts';

/** Asks of each question before any is timed: a server that has been up for a minute is what dashboards ask. */
const WARM_UPS = { instant: 100, range: 3 } as const;
/** Enough for a 95th percentile, and not for ever where an answer takes half a second. */
const ASKS = { instant: 200, range: 20 } as const;

/** Asks both servers every question in turns, after their answers have been found equal. */
export async function overHttp({ dataDir, prometheus }: OneDay, only = ''): Promise<Row[]> {
  const child = fork(fileURLToPath(new URL('server.ts', import.meta.url)), [dataDir]);
  const [port] = (await once(child, 'message')) as [number];
  const client = new KeepAliveClient();
  try {
    return await compared(`http://127.0.0.1:${port}`, prometheus?.url, client, only);
  } finally {
    client.close();
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  }
}

async function compared(
  here: string,
  peer: string | undefined,
  client: KeepAliveClient,
  only: string,
): Promise<Row[]> {
  const questions = QUESTIONS.filter(({ what }) => what.includes(only)).map((question) => {
    const path = pathOf(question, LAST_MS);
    const theirs = peer === undefined ? undefined : peer + path;
    return { ...question, ours: here + path, theirs };
  });
  for (const { range, ours, theirs } of questions) {
    if (theirs !== undefined) requireSameAnswer(await client.read(ours), await client.read(theirs));
    for (let ask = 0; ask < WARM_UPS[range === undefined ? 'instant' : 'range']; ask++) {
      await client.read(ours);
      if (theirs !== undefined) await client.read(theirs);
    }
  }
  const rows: Row[] = [];
  for (const question of questions) {
    const { ours, theirs } = question;
    const times = { ours: [] as number[], theirs: [] as number[] };
    for (let ask = 0; ask < ASKS[question.range === undefined ? 'instant' : 'range']; ask++) {
      for (const [who, url] of [
        ['ours', ours],
        ['theirs', theirs],
      ] as const) {
        if (url === undefined) continue;
        const beforeMs = performance.now();
        await client.read(url);
        times[who].push(performance.now() - beforeMs);
      }
    }
    const [tidewatch, prometheus] = [spread(times.ours), spread(times.theirs)];
    rows.push({
      what: question.what,
      unit: 'ms',
      here: tidewatch.p50,
      p95: tidewatch.p95,
      ...(theirs === undefined
        ? {}
        : { peer: { name: 'Prometheus', value: prometheus.p50, p95: prometheus.p95 } }),
    });
  }
  return rows;
}

function spread(times: readonly number[]): { p50: number; p95: number } {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}
