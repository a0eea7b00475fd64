// The embedded store and engine over a day of 5,000 series, beside a real Prometheus server that holds the same.
//
//   node bench/promql.ts [--data folder-to-keep-the-day-in] [--only part-of-a-question]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coldReads } from './support/promql/cold-reads.ts';
import { inProcess } from './support/promql/in-process.ts';
import { oneDay } from './support/promql/one-day.ts';
import { overHttp } from './support/promql/over-http.ts';
import { report, type Row } from './support/report.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, only: { type: 'string' } } });
const folder = values.data ?? (await mkdtemp(join(tmpdir(), 'tidewatch-bench-')));
let version: string | undefined;
let rows: Row[];
try {
  await using day = await oneDay(folder);
  version = day.prometheus?.version;
  rows = await overHttp(day, values.only);
  if (values.only === undefined) rows = [...rows, ...(await coldReads(day.dataDir))];
} finally {
  if (values.data === undefined) await rm(folder, { recursive: true });
}

if (values.only === undefined) {
  report({
    name: 'promql',
    title: 'promql: store and engine',
    rows: [...rows, ...(await inProcess())],
    notes: [
      'Over HTTP: 24 hours of 5,000 series every 15 s, two of them in memory and the others in segments. Median / 95th percentile of 200 instant or 20 range queries, in turns over connections that stay open, each server in a process of its own that has answered each of them 100 or 3 times before.',
      'Asked again and again, as dashboards and rules do: the columns a query needs are decoded by the second time.',
      'In process: three hours of the same series in memory.',
      version === undefined
        ? 'No peer in this run: `prometheus` is not on the PATH.'
        : `Peer: ${version}, the same samples by remote write; every value was equal to 1e-9 before anything was timed.`,
    ],
  });
} else console.table(rows);
