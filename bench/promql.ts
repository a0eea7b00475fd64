import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { oneDay } from './support/promql/one-day.ts';
import { overHttp } from './support/promql/over-http.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, only: { type: 'string' } } });
const folder = values.data ?? (await mkdtemp(join(tmpdir(), 'tidewatch-bench-')));
{
  await using day = await oneDay(folder);
  console.table(await overHttp(day, values.only));
}
if (values.data === undefined) await rm(folder, { recursive: true });
