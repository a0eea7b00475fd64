// Usage: node bench/support/all.ts [part of a name …]
//
// Runs every benchmark in a process of its own, one after the other, on the built packages.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('../..', import.meta.url));
const wanted = process.argv.slice(2);
const files = globSync(['bench/*.ts', 'packages/*/bench/*.ts'], { cwd })
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .toSorted();
if (files.length === 0) throw new Error(`no benchmark has ${wanted.join(' or ')} in its path`);
for (const file of files) {
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    cwd,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
