#!/usr/bin/env node
// Checks every package as a user gets it: packs it, runs publint and attw on the tarball, imports each
// entry point from the unpacked tarballs, and compares the public API with the committed report.
//
//   node tools/check-packages.mjs               check, as `npm test` does
//   node tools/check-packages.mjs --update-api  rewrite packages/*/api/*.api.md and docs/reference/options.md
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { optionsPage } from './reference/options-page.mjs';

const run = promisify(execFile);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, 'node_modules', '.cache', 'packages');
const updatesApi = process.argv.includes('--update-api');
const problems = [];

const folders = (await readdir(join(root, 'packages'))).toSorted();
await rm(join(cache, 'published'), { recursive: true, force: true });
await mkdir(join(cache, 'published', 'node_modules', '@tidewatch'), { recursive: true });

const packages = await Promise.all(folders.map(readPackage));
for (const one of packages) await checkTarball(one);
for (const one of packages) await unpack(one);
await Promise.all(packages.map(importEntries));
for (const one of packages) await checkApi(one);
await checkOptionsPage();

for (const problem of problems) console.error(`✗ ${problem}`);
console.log(`${packages.length} packages, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function readPackage(folder) {
  const directory = join(root, 'packages', folder);
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  const destination = join(cache, 'tarballs', folder);
  await rm(destination, { recursive: true, force: true });
  await mkdir(destination, { recursive: true });
  await run('pnpm', ['pack', '--pack-destination', destination], { cwd: directory });
  const [file] = await readdir(destination);
  const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
  return { folder, directory, manifest, entries, tarball: join(destination, file) };
}

async function checkTarball({ manifest, tarball }) {
  const bytes = await readFile(tarball);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: buffer } });
  for (const message of messages) problems.push(`${manifest.name} publint: ${formatMessage(message, pkg)}`);

  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(buffer)));
  if (analysis.types === false) problems.push(`${manifest.name} attw: no types`);
  // ESM only: what require() without require(esm) or the resolution of Node 10 would see is not offered.
  const offered = new Set(['node16-esm', 'bundler']);
  for (const problem of analysis.problems ?? []) {
    if (problem.resolutionKind !== undefined && !offered.has(problem.resolutionKind)) continue;
    if (problem.resolutionKind === undefined && problem.kind === 'CJSResolvesToESM') continue;
    problems.push(
      `${manifest.name} attw: ${problem.kind} at ${problem.entrypoint ?? problem.fileName ?? ''}`,
    );
  }
}

/** Lays the tarballs out as npm would; what they depend on is linked from the workspace. */
async function unpack({ directory, manifest, tarball }) {
  const home = join(cache, 'published', 'node_modules', manifest.name);
  await mkdir(home, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', home, '--strip-components=1']);
  const published = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'));
  const wanted = Object.keys({
    ...published.dependencies,
    ...published.optionalDependencies,
    ...published.peerDependencies,
  }).filter((name) => !name.startsWith('@tidewatch/'));
  for (const name of wanted) {
    const source = join(directory, 'node_modules', name);
    const target = join(home, 'node_modules', name);
    if (!existsSync(source)) continue;
    await mkdir(dirname(target), { recursive: true });
    await symlink(resolve(source), target);
  }
  if (JSON.stringify(published.exports).includes('@tidewatch/source')) {
    problems.push(`${manifest.name}: the condition @tidewatch/source must not be published`);
  }
}

async function importEntries({ manifest, entries }) {
  const specifiers = entries
    .filter((entry) => entry !== './testing')
    .map((entry) => manifest.name + entry.slice(1));
  const script = specifiers.map((specifier) => `await import('${specifier}');`).join('\n');
  const file = join(cache, 'published', `${manifest.name.replace('/', '-')}.mjs`);
  await writeFile(file, `${script}\n`);
  await run(process.execPath, [file], { timeout: 30_000 }).catch((error) => {
    problems.push(`${manifest.name}: cannot be imported as published: ${error.stderr ?? error.message}`);
  });
}

async function checkApi({ folder, directory, manifest, entries }) {
  const digest = createHash('sha256');
  for (const file of await declarationFiles(join(directory, 'dist'))) digest.update(await readFile(file));
  for (const file of await reports(directory)) digest.update(await readFile(file));
  const stamp = join(cache, `${folder}.api`);
  const state = digest.digest('hex');
  const hasModels = entries.every((entry) => existsSync(modelFile(reportName(folder, entry))));
  if (!updatesApi && hasModels && existsSync(stamp) && (await readFile(stamp, 'utf8')) === state) return;

  const before = problems.length;
  for (const entry of entries) extractApi({ folder, directory, manifest, entry });
  if (problems.length === before) await writeFile(stamp, updatesApi ? '' : state);
}

function extractApi({ folder, directory, manifest, entry }) {
  const types = manifest.exports[entry].types;
  const report = reportName(folder, entry);
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(directory, 'package.json'),
    configObject: {
      projectFolder: directory,
      mainEntryPointFilePath: join(directory, types),
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2022',
            lib: ['es2023', 'esnext.disposable'],
            module: 'nodenext',
            moduleResolution: 'nodenext',
            types: ['node'],
            strict: true,
            skipLibCheck: true,
          },
          files: [join(directory, types)],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: join(directory, 'api'),
        reportTempFolder: join(cache, 'api'),
        includeForgottenExports: false,
      },
      docModel: { enabled: true, apiJsonFilePath: modelFile(report) },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true },
        },
        compilerMessageReporting: { default: { logLevel: 'none' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: updatesApi,
    showVerboseMessages: false,
    messageCallback(message) {
      message.handled = true;
    },
  });
  if (result.apiReportChanged && !updatesApi) {
    problems.push(
      `${manifest.name}${entry.slice(1)}: the public API differs from api/${report}.api.md; see the diff, then run npm run pnpm -- run api`,
    );
  }
}

/** docs/reference/options.md is written from the same declarations as the reports. */
async function checkOptionsPage() {
  const entries = packages.flatMap(({ folder, manifest, entries: paths }) =>
    paths.map((entry) => ({
      entry: manifest.name + entry.slice(1),
      file: modelFile(reportName(folder, entry)),
    })),
  );
  const models = await Promise.all(
    entries.map(async ({ entry, file }) => ({ entry, model: JSON.parse(await readFile(file, 'utf8')) })),
  );
  const { page, undocumented } = optionsPage(models);
  for (const option of undocumented) problems.push(`${option}: an option without a docstring`);
  const path = join(root, 'docs', 'reference', 'options.md');
  if (updatesApi) await writeFile(path, page);
  else if ((await readFile(path, 'utf8').catch(() => '')) !== page) {
    problems.push('docs/reference/options.md differs from the docstrings: run npm run pnpm -- run api');
  }
}

function reportName(folder, entry) {
  return entry === '.' ? folder : `${folder}-${entry.slice(2)}`;
}

function modelFile(report) {
  return join(cache, 'api', `${report}.api.json`);
}

async function declarationFiles(folder) {
  const files = await readdir(folder, { recursive: true });
  return files
    .filter((file) => file.endsWith('.d.ts'))
    .toSorted()
    .map((file) => join(folder, file));
}

async function reports(directory) {
  const folder = join(directory, 'api');
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).toSorted().map((file) => join(folder, file));
}
