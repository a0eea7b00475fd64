import { createApi, createEngine, createStore } from '@tidewatch/promql';
import { differentRequests } from '../../packages/promql/test/golden/golden-requests.ts';
import { table } from './markdown.ts';

/** Paths with the parameters they read, and what is to be known. */
const endpoints: readonly (readonly [path: string, parameters: string, remark: string])[] = [
  ['/api/v1/query', 'query time timeout lookback_delta limit', ''],
  ['/api/v1/query_range', 'query start end step timeout lookback_delta limit', 'at most 11,000 steps'],
  ['/api/v1/query_exemplars', 'query start end', 'no exemplars are kept: always an empty list'],
  ['/api/v1/format_query', 'query', ''],
  ['/api/v1/parse_query', 'query', ''],
  ['/api/v1/series', 'match[] start end limit', ''],
  ['/api/v1/labels', 'match[] start end limit', ''],
  ['/api/v1/label/job/values', 'match[] start end limit', 'a name in the escaped form `U__my_2e_label` too'],
  [
    '/api/v1/metadata',
    'metric limit',
    'of the metrics given to `createApi({ metrics })`; one entry a metric',
  ],
  [
    '/api/v1/rules',
    'type rule_name[] rule_group[] file[] exclude_alerts match[] group_limit group_next_token',
    'what `createApi({ rules })` answers',
  ],
  ['/api/v1/alerts', '', 'what `createApi({ alerts })` answers'],
  ['/api/v1/status/buildinfo', '', 'version 3.5.0, revision `tidewatch`'],
  ['/api/v1/status/runtimeinfo', '', 'the start of the API, nothing else'],
  ['/api/v1/status/flags', '', 'none'],
  ['/-/healthy', '', 'without authorization'],
  ['/-/ready', '', 'without authorization'],
  ['/api/health', '', 'Grafana’s own path; without authorization'],
  ['/api/v1/targets', '', 'nothing is scraped'],
  ['/api/v1/targets/metadata', '', ''],
  ['/api/v1/scrape_pools', '', ''],
  ['/api/v1/alertmanagers', '', ''],
  ['/api/v1/notifications', '', ''],
  ['/api/v1/status/config', '', ''],
  ['/api/v1/status/tsdb', '', ''],
  ['/api/v1/status/walreplay', '', ''],
  ['/api/v1/write', '', ''],
  ['/api/v1/read', '', ''],
  ['/federate', '', ''],
];

/** What is served over HTTP: each path is asked when the page is written. */
export async function promqlHttpSection(): Promise<string> {
  const store = await createStore();
  const api = createApi({ engine: createEngine({ store }), store });
  const rows = await Promise.all(
    endpoints.map(async ([path, parameters, remark]) => {
      const response = await api(new Request(`http://localhost${path}`, { method: 'OPTIONS' }));
      const methods = response === undefined ? '**no**' : (response.headers.get('allow') ?? 'GET');
      const names = parameters.split(' ').filter((name) => name !== '');
      return [
        `\`${path.replace('job', '<name>')}\``,
        methods.replace(', OPTIONS', ''),
        names.map((name) => `\`${name}\``).join(' '),
        remark,
      ];
    }),
  );
  await store.close();
  const differences = differentRequests.map(({ request, why }) => {
    const { pathname, search } = new URL(`http://localhost/api/v1/${request.path}`);
    const asked = pathname + decodeURIComponent(search.replaceAll('+', ' '));
    return [`\`${asked.replaceAll('|', String.raw`\|`)}\``, why];
  });
  return [
    '## HTTP API',
    '',
    'Status, content type and body are those of Prometheus 3.5.3, byte for byte, for the requests of',
    '`packages/promql/test/golden`, errors included. A parameter that is not listed is read by nobody; `stats` among',
    'them. A path marked **no** is left to the host.',
    '',
    table(['path', 'methods', 'parameters', ''], rows),
    '',
    'Only this machine may ask, by a name of its own (`localhost`, `127.0.0.1`, `[::1]`), and not through a proxy, unless',
    '`createApi` is given a `token` (sent as `authorization: Bearer …`) or a function `authorize`. An adapter other than',
    '`toNodeHandler` does not tell where a request came from: it needs one of the two. There are no CORS headers. A form',
    'of more than 960 KiB is answered with 413. Answers are written in chunks of 64 KiB, each in a turn of its own.',
    '',
    'Answers that differ from Prometheus 3.5.3 on purpose:',
    '',
    table(['asked', 'why'], differences),
  ].join('\n');
}
