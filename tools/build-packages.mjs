#!/usr/bin/env node
// Builds the packages that changed since they were last built, and those that depend on them.
//
// A package is unchanged while its sources, its settings and what was built of it are what they were.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamps = join(root, 'node_modules', '.cache', 'build');
mkdirSync(stamps, { recursive: true });

const folders = readdirSync(join(root, 'packages'));
const changed = folders.filter((folder) => {
  const stamp = join(stamps, folder);
  return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== state(folder);
});
if (changed.length > 0) {
  const filters = changed.flatMap((folder) => ['--filter', `...{packages/${folder}}`]);
  // The workspace itself depends on packages too, and its script `build` leads here.
  filters.push('--filter', '!tidewatch-monorepo');
  const args = ['-r', '--workspace-concurrency=2', ...filters, 'run', 'build'];
  const { status } = spawnSync('pnpm', args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  for (const folder of folders) writeFileSync(join(stamps, folder), state(folder));
}

/** A digest of everything that the build of a package reads, but for other packages, and of what it wrote. */
function state(folder) {
  const digest = createHash('sha256').update(process.version);
  const shared = [
    'pnpm-lock.yaml',
    'tsconfig.base.json',
    'tools/build-packages.mjs',
    'tools/node-library.ts',
  ];
  const own = globSync(`packages/${folder}/{src,dist,native,tools}/**/*.*`, { cwd: root });
  const settings = globSync(`packages/${folder}/*.{json,ts}`, { cwd: root });
  for (const file of [...shared, ...own, ...settings].toSorted()) {
    digest.update(`${file}\0`).update(readFileSync(join(root, file)));
  }
  return digest.digest('hex');
}
