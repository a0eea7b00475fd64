import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

/**
 * The picture in docs/architecture.md, as an assertion: what each package may depend on at run time.
 * Siblings meet through the shapes in core, never by import.
 */
const mayDependOn: Record<string, readonly string[]> = {
  core: ['@opentelemetry/api', '@opentelemetry/sdk-metrics'],
  gpu: ['@tidewatch/core', 'koffi', 'systeminformation'],
  promql: ['@tidewatch/core', 're2js', '@opentelemetry/api', '@opentelemetry/sdk-metrics'],
  scaler: [
    '@tidewatch/core',
    'yaml',
    'zod',
    // Optional peers, each of one entry.
    '@bsull/augurs',
    '@bsull/augurs-prophet-wasmstan',
    '@grpc/grpc-js',
    '@grpc/proto-loader',
    '@kubernetes/client-node',
  ],
  alerts: ['@tidewatch/core', 'yaml', 'zod', 're2js', 'nodemailer'],
  dashboard: ['@tidewatch/core'],
  tidewatch: [
    '@tidewatch/core',
    '@tidewatch/gpu',
    '@tidewatch/promql',
    '@tidewatch/scaler',
    '@tidewatch/alerts',
    '@tidewatch/dashboard',
    '@opentelemetry/api',
    '@opentelemetry/sdk-metrics',
    'nodemailer',
  ],
};

it('draws every package', async () => {
  expect((await readdir('packages')).toSorted()).toEqual(Object.keys(mayDependOn).toSorted());
});

it.for(Object.entries(mayDependOn))('%s depends on no more than %j', async ([name, allowed]) => {
  const manifest = JSON.parse(await readFile(`packages/${name}/package.json`, 'utf8'));
  const declared = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  });
  expect(allowed).toEqual(expect.arrayContaining(declared));
});

it.for(Object.entries(mayDependOn))('%s imports nothing else in its sources', async ([name, allowed]) => {
  const developmentOnly = name === 'dashboard' ? ['preact', '@preact/signals', 'uplot'] : [];
  for (const file of await sourceFiles(`packages/${name}/src`)) {
    const specifiers = importedPackages(await readFile(file, 'utf8'));
    const foreign = specifiers.filter((specifier) => ![...allowed, ...developmentOnly].includes(specifier));
    expect(foreign, file).toEqual([]);
  }
});

it.for(Object.keys(mayDependOn))('time comes from clock.ts alone in %s', async (name) => {
  for (const file of await sourceFiles(`packages/${name}/src`)) {
    if (file.endsWith('vocabulary/clock.ts') || file.includes('/page/')) continue;
    const text = await readFile(file, 'utf8');
    expect(text.match(/\bDate\.now\(|\bsetTimeout\(|\bsetInterval\(/g), file).toBeNull();
  }
});

async function sourceFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((entry) => /\.tsx?$/.test(entry) && !/\.(test|test-d|bench)\.tsx?$/.test(entry))
    .map((entry) => `${folder}/${entry}`);
}

/** Package names in import and export statements; `node:` and relative ones are nobody's business. */
function importedPackages(source: string): string[] {
  const specifiers = [...source.matchAll(/\bfrom\s+'([^']+)'|\bimport\(\s*'([^']+)'|^import\s+'([^']+)'/gm)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'));
  return specifiers.map((specifier) =>
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/'),
  );
}
