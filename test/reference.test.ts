import { access, readdir, readFile } from 'node:fs/promises';
import { loadAlertmanagerConfig, loadRules } from '@tidewatch/alerts';
import { parse } from '@tidewatch/promql';
import { loadAutoscalerConfig } from '@tidewatch/scaler';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { knownKeys } from '../packages/scaler/src/config/config-document.ts';
import { generatedFiles } from '../tools/reference.ts';
import { configKeys, fullConfig } from '../tools/reference/autoscaler-config-page.ts';
import { metricTables } from '../tools/reference/metrics-page.ts';

const known = new Set(Object.values(metricTables).flatMap((table) => table.map(({ name }) => name)));

it.for(Object.entries(await generatedFiles()))(
  '%s is up to date (npm run pnpm -- run reference)',
  async ([file, text]) => {
    expect(await readFile(file, 'utf8')).toBe(text);
  },
);

it('has a page or a file for everything in the folders of generated files', async () => {
  const folders = ['docs/reference', 'deploy/grafana/dashboards', 'deploy/prometheus/rules'];
  const found = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).map((file) => `${folder}/${file}`)),
  );
  expect(found.flat().toSorted()).toEqual(Object.keys(await generatedFiles()).toSorted());
});

it('names each metric once', () => {
  const names = Object.values(metricTables).flatMap((table) => table.map(({ name }) => name));
  expect(names).toEqual([...new Set(names)]);
});

/** What Prometheus adds to the name of a family. */
const suffixes = /_(bucket|sum|count)$/;
const ours = /\b(?:classification|autoscaler|alerts|gpu|host|tidewatch|nodejs|http)_[a-z0-9_]+\b/g;
/** Words that look like our metrics and are none. */
const others = new Set([
  'alerts_rules', // the file alert_rules.yml is not matched, its misspelling is
  'tidewatch_source',
  'tidewatch_hops', // an annotation
]);

it.for([
  ['the default rules', 'packages/alerts/src/rules'],
  ['the panels', 'packages/dashboard/src/panels'],
  ['the examples', 'examples'],
  ['the guides', 'docs'],
  ['the deployment files', 'deploy'],
] as const)('%s name only metrics that are exposed', async ([, folder]) => {
  for (const file of await textFiles(folder)) {
    const text = await readFile(file, 'utf8');
    const unknown = [...text.matchAll(ours)]
      .map(([name]) => name)
      .filter((name) => !known.has(name) && !known.has(name.replace(suffixes, '')) && !others.has(name));
    expect([...new Set(unknown)], file).toEqual([]);
  }
});

describe('docs/reference/config-autoscaler.md', () => {
  const keysOf = (places: Readonly<Record<string, readonly string[]>>): unknown =>
    Object.fromEntries(Object.entries(places).map(([place, keys]) => [place, keys.toSorted()]));

  it('has every key that the loader knows, and no other', () => {
    const documented = Object.entries(configKeys).map(([place, keys]) => [place, Object.keys(keys)] as const);
    expect(keysOf(Object.fromEntries(documented))).toEqual(keysOf(knownKeys));
  });

  it('says the defaults that the loader takes', () => {
    const least = loadAutoscalerConfig(`
metrics: [{ name: m, query: m, scale_up_threshold: 2, scale_down_threshold: 1 }]
scaling: { max_replicas: 3 }`);
    const byDefault = (place: string, key: string): string | undefined => configKeys[place]?.[key]?.default;
    expect(least).toMatchObject({
      intervalMs: Number(byDefault('', 'interval')) * 1000,
      mode: byDefault('', 'mode')?.match(/else `(\w+)`/)?.[1],
      minReplicas: Number(byDefault('scaling', 'min_replicas')),
      upStep: Number(byDefault('scaling', 'scale_up_step')),
      downStep: Number(byDefault('scaling', 'scale_down_step')),
      cooldownMs: {
        up: Number(byDefault('cooldown', 'up')) * 1000,
        down: Number(byDefault('cooldown', 'down')) * 1000,
      },
    });
    expect(Number(byDefault('scaling', 'cooldown')) * 1000).toBe(least.cooldownMs.down);
    expect(least.staleAfterMs).toBe(60_000);
  });

  it('shows a file that loads without a warning', () => {
    expect(loadAutoscalerConfig(fullConfig).warnings).toEqual([]);
  });
});

describe('docs/reference/errors.md', () => {
  it('has a section for every error with a code', async () => {
    const page = await readFile('docs/reference/errors.md', 'utf8');
    const sources = await Promise.all(
      (await textFiles('packages'))
        .filter((file) => /\/src\/.*\.ts$/.test(file))
        .map(async (file) => readFile(file, 'utf8')),
    );
    const withCode = sources.flatMap((source) =>
      [...source.matchAll(/class (\w+) extends Error \{(?:(?!\nclass|\n\}\n)[^])*?readonly code\b/g)].map(
        (match) => match[1],
      ),
    );
    expect(withCode).toEqual(
      expect.arrayContaining(['ConfigError', 'PromqlError', 'WorkerPoolError', 'EndpointError']),
    );
    expect(withCode.filter((name) => !page.includes(`## ${name}\n`))).toEqual([]);
  });
});

describe('deploy', () => {
  it('has rules that load, with expressions that parse', async () => {
    const file = 'deploy/prometheus/rules/tidewatch.yml';
    expect(loadRules(file, { parse: (expr) => void parse(expr) }).groups).not.toEqual([]);
  });

  it('has an alertmanager.yml that is read here too', () => {
    expect(loadAlertmanagerConfig('deploy/alertmanager/alertmanager.yml').receivers).toHaveLength(2);
  });

  it('mounts only what is there, and asks the health addresses', async () => {
    const { services } = parseYaml(await readFile('deploy/docker-compose.yml', 'utf8')) as {
      services: Record<string, { volumes: string[]; healthcheck: { test: string[] } }>;
    };
    const health = Object.entries(services).map(([name, { healthcheck }]) => [name, healthcheck.test.at(-1)]);
    expect(Object.fromEntries(health)).toEqual({
      prometheus: 'http://127.0.0.1:9090/-/healthy',
      alertmanager: 'http://127.0.0.1:9093/-/healthy',
      grafana: 'http://127.0.0.1:3000/api/health',
    });
    const mounted = Object.values(services)
      .flatMap(({ volumes }) => volumes.map((volume) => volume.split(':')[0] ?? ''))
      .filter((path) => path.startsWith('./'));
    await Promise.all(mounted.map(async (path) => access(`deploy/${path}`)));
    expect(mounted).toHaveLength(5);
  });

  it('has data sources and dashboards that Grafana’s provisioning finds', async () => {
    const read = async (file: string): Promise<any> =>
      parseYaml(await readFile(`deploy/grafana/provisioning/${file}`, 'utf8'));
    const { datasources } = await read('datasources/tidewatch.yml');
    expect(datasources.map(({ url }: { url: string }) => url)).toEqual([
      'http://127.0.0.1:9090',
      'http://127.0.0.1:8787',
    ]);
    const { providers } = await read('dashboards/tidewatch.yml');
    const compose = await readFile('deploy/docker-compose.yml', 'utf8');
    expect(compose).toContain(`./grafana/dashboards:${providers[0].options.path}:ro`);
  });
});

async function textFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter(
      (entry) =>
        /\.(ts|tsx|md|ya?ml|json)$/.test(entry) &&
        !/(^|\/)(node_modules|dist|package\.json|.*\.test\.ts)/.test(entry),
    )
    .map((entry) => `${folder}/${entry}`);
}
