import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi, createEngine, createStore, type ApiOptions } from '@tidewatch/promql';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startPrometheusServer, whyNoReference } from '../../packages/promql/test/fuzz/prometheus-server.ts';
import { readAnswer, type GoldenAnswer } from '../../packages/promql/test/golden/golden-answer.ts';
import { askPrometheus } from '../../packages/promql/test/golden/ask-prometheus.ts';
import { readRecording } from '../../packages/promql/test/golden/recording.ts';

const missing = whyNoReference();

async function openApi(options: Partial<ApiOptions>): Promise<(path: string) => Promise<Response>> {
  const store = await createStore();
  const api = createApi({ engine: createEngine({ store }), store, ...options });
  return async (path) => (await api(new Request(`http://localhost${path}`))) ?? Response.error();
}

describe.skipIf(missing !== undefined)(
  `the HTTP API against Prometheus 3.5 (${missing ?? 'on the PATH'})`,
  () => {
    // The unit tests compare with the recording, byte for byte.
    it('still answers as it was recorded', async () => {
      expect(await askPrometheus()).toEqual(await readRecording());
    });

    it('tells of metrics in the same bytes', async () => {
      const exposition = [
        '# HELP shop_temperature In <degrees> & "more".',
        '# TYPE shop_temperature gauge',
        'shop_temperature 21.5',
        '# HELP shop_requests_total Requests.',
        '# TYPE shop_requests_total counter',
        'shop_requests_total 3',
        '',
      ].join('\n');
      const target = createServer((_, response) => {
        response.setHeader('content-type', 'text/plain; version=0.0.4').end(exposition);
      }).listen(0, '127.0.0.1');
      await once(target, 'listening');
      onTestFinished(() => {
        target.closeAllConnections();
        target.close();
      });
      await using server = await startPrometheusServer({
        config: {
          scrape_configs: [
            {
              job_name: 'shop',
              scrape_interval: '1s',
              static_configs: [{ targets: [`127.0.0.1:${(target.address() as AddressInfo).port}`] }],
            },
          ],
        },
      });
      const ask = await openApi({
        metrics: [
          { name: 'shop_temperature', kind: 'gauge', unit: '', help: 'In <degrees> & "more".', labels: [] },
          { name: 'shop_requests_total', kind: 'counter', unit: '', help: 'Requests.', labels: [] },
        ],
      });
      const theirs = async (path: string): Promise<GoldenAnswer> =>
        readAnswer(await fetch(server.url + path));
      await vi.waitFor(async () => expect((await theirs('/api/v1/metadata')).body).toContain('shop_'), {
        timeout: 30_000,
        interval: 200,
      });
      for (const query of [
        '',
        '?metric=shop_temperature',
        '?metric=nothing',
        '?limit=2',
        '?limit=-1',
        '?metric=shop_requests_total&limit=1&limit_per_metric=1',
      ]) {
        const path = `/api/v1/metadata${query}`;
        expect([path, await readAnswer(await ask(path))]).toEqual([path, await theirs(path)]);
      }
    });

    it('filters rules alike', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'tidewatch-rules-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const group = (name: string, rules: object[]): object => ({ name, rules });
      const alert = (name: string, severity: string): object => ({
        alert: name,
        expr: 'vector(1)',
        labels: { severity },
      });
      const files = {
        a: [
          group('one', [
            alert('Down', 'page'),
            { record: 'job:up', expr: 'vector(1)', labels: { team: 'a' } },
          ]),
          group('two', [alert('Slow', 'ticket')]),
        ],
        b: [group('one', [{ record: 'job:down', expr: 'vector(0)' }])],
      };
      for (const [name, groups] of Object.entries(files)) {
        await writeFile(join(folder, `${name}.yml`), JSON.stringify({ groups }));
      }
      // Evaluated once at the start, and then not for an hour: nothing changes between two questions.
      await using server = await startPrometheusServer({
        config: { global: { evaluation_interval: '1h' }, rule_files: [join(folder, '*.yml')] },
      });
      const read = async (response: Response): Promise<unknown> => response.json();
      const { data } = (await read(await fetch(`${server.url}/api/v1/rules`))) as { data: unknown };
      const ask = await openApi({ rules: () => data });
      for (const query of [
        'type=alert',
        'type=Record',
        'rule_name[]=Down&rule_name[]=job:down',
        'rule_group[]=two',
        'rule_group[]=none',
        `file[]=${join(folder, 'b.yml')}`,
        'exclude_alerts=true',
        'exclude_alerts=T&type=alert&rule_name[]=Slow',
        'match[]={severity="page"}',
        'match[]={severity="page"}&match[]={team="a"}',
        'match[]={severity!~"page|"}',
      ]) {
        const path = `/api/v1/rules?${query}`;
        const [ours, theirs] = [await read(await ask(path)), await read(await fetch(server.url + path))];
        expect([path, ours]).toEqual([path, theirs]);
      }
    });
  },
);
