import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { delimiter, dirname, join, resolve } from 'node:path';
import { loadAlertmanagerConfig, loadRules } from '@tidewatch/alerts';
import { createApi, createEngine, createStore, parse, toNodeHandler } from '@tidewatch/promql';
import { loadAutoscalerConfig } from '@tidewatch/scaler';
import { describe, expect, it, type TestContext } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { fences, toPattern, type Fence } from './support/fences.ts';
import { openTerminal } from './support/terminal.ts';

/**
 * A guide is followed to the letter: every block that names its file in the first line is written, every `sh`
 * block runs, and what it prints is the `text` block below it. `server.ts` runs until the end
 * of the guide, and then ends well when asked to.
 */
const guides = (await readdir('docs/guides')).filter((file) => file.endsWith('.md'));

const inEnglish = guides.filter((file) => !file.endsWith('.zh-CN.md'));
const inChinese = guides.filter((file) => file.endsWith('.zh-CN.md'));

describe.concurrent('docs/guides', () => {
  it.for(inEnglish)(
    '%s does what it shows',
    { timeout: 120_000 },
    async (file, { expect, onTestFinished }) => {
      const blocks = fences(await readFile(`docs/guides/${file}`, 'utf8'));
      // Below a package that has all others as dependencies, so that imports resolve.
      const folder = resolve('packages/tidewatch', `.guide-${file.replace('.md', '')}`);
      await rm(folder, { recursive: true, force: true }); // an interrupted run may have left it
      await mkdir(folder);
      onTestFinished(async () => rm(folder, { recursive: true, force: true }));
      const ports = { PORT: 8787, SERVICE_PORT: 8080, PROMETHEUS_PORT: 9090 };
      const env = await guideEnvironment(folder, ports, onTestFinished);

      for (const [index, block] of blocks.entries()) {
        if (block.language === 'sh') await follow(block, blocks[index + 1]);
        else await writeNamedFile(block, folder);
      }

      async function follow({ code }: Fence, next: Fence | undefined): Promise<void> {
        const terminal = openTerminal(withPorts(code, ports, env), { cwd: folder, env });
        onTestFinished(async () => {
          expect(await terminal.stop(), code).toBe(0);
        });
        const expected = next?.language === 'text' ? toPattern(withPorts(next.code, ports, env)) : /^/;
        // A server goes on; every other command is waited for.
        const until = code.includes('server.ts') ? expected : undefined;
        expect(await terminal.printed(until)).toMatch(expected);
      }
    },
  );
});

/** What reads a file of this name. */
const loaders: Readonly<Record<string, (text: string) => unknown>> = {
  'alert_rules.yml': (text) => loadRules(text, { parse: (expr) => void parse(expr) }),
  'alertmanager.yml': (text) => loadAlertmanagerConfig(text),
  'config.yaml': (text) => expect(loadAutoscalerConfig(text).warnings).toEqual([]),
  'prometheus.yml': (text) => expect(parseYaml(text)).toHaveProperty('scrape_configs'),
};

it.for(inEnglish)('%s has YAML that its readers take', async (file) => {
  for (const { language, code } of fences(await readFile(`docs/guides/${file}`, 'utf8'))) {
    if (language !== 'yaml') continue;
    const load = loaders[nameOf(code) ?? ''];
    expect(load, `nobody reads\n${code}`).toBeDefined();
    load?.(code);
  }
});

describe('a guide in Chinese', () => {
  it.for(inChinese)('%s has the same steps', async (file) => {
    const [chinese, english] = await Promise.all(
      [file, file.replace('.zh-CN.md', '.md')].map(async (name) => readFile(`docs/guides/${name}`, 'utf8')),
    );
    expect(fences(chinese!)).toEqual(fences(english!));
    const outline = (text: string): unknown => ({
      headings: text.match(/^#+ /gm),
      rows: text.match(/^\|/gm)?.length,
      links: [...text.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1]?.replace('.zh-CN.md', '.md')),
    });
    expect(outline(chinese!)).toEqual(outline(english!));
  });
});

/** `// server.ts` or `# config.yaml` in the first line. */
function nameOf(code: string): string | undefined {
  return /^(?:\/\/|#) ([\w./-]+\.\w+)\n/.exec(code)?.[1];
}

async function writeNamedFile({ code }: Fence, folder: string): Promise<void> {
  const name = nameOf(code);
  if (name === undefined) return;
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), code);
}

/** The commands of this repository under the names that they have for a reader. */
async function guideEnvironment(
  folder: string,
  ports: Readonly<Record<string, number>>,
  onTestFinished: TestContext['onTestFinished'],
): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, '.bin');
  await mkdir(bin);
  const commands = {
    npm: ':',
    docker: ':',
    npx: [
      'command=$1; shift',
      `if [ "$command" = autoscaler ]; then exec node ${resolve('packages/scaler/src/autoscaler.ts')} "$@"; fi`,
      `exec node ${resolve('packages/tidewatch/src/command.ts')} "$@"`,
    ].join('\n'),
  };
  for (const [name, script] of Object.entries(commands)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  const { PORT, SERVICE_PORT } = Object.fromEntries(
    await Promise.all(Object.keys(ports).map(async (name) => [name, String(await freePort())] as const)),
  );
  return {
    ...process.env,
    LANG: 'en_US.UTF-8',
    PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter),
    NODE_OPTIONS: '--conditions=@tidewatch/source --disable-warning=ExperimentalWarning',
    NODE_NO_WARNINGS: '1',
    PORT,
    SERVICE_PORT,
    PROMETHEUS_PORT: await startPrometheusDouble(onTestFinished),
  };
}

/** Free ports instead of those that the guide names. */
function withPorts(text: string, ports: Readonly<Record<string, number>>, env: NodeJS.ProcessEnv): string {
  return Object.entries(ports).reduce(
    (result, [name, shown]) => result.replaceAll(`:${shown}`, `:${env[name]}`),
    text,
  );
}

/** The embedded store behind its own API answers as a server would. @returns its port */
async function startPrometheusDouble(onTestFinished: TestContext['onTestFinished']): Promise<string> {
  const store = await createStore();
  store.append(Date.now(), [
    { labels: { __name__: 'classification_accuracy', model: 'digits', instance: 'a' }, value: 0.91 },
    { labels: { __name__: 'classification_accuracy', model: 'digits', instance: 'b' }, value: 0.97 },
  ]);
  const api = toNodeHandler(createApi({ engine: createEngine({ store }), store }));
  const server = createServer(api).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await store.close();
  });
  return String((server.address() as { port: number }).port);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
