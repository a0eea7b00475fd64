import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = new URL('../../../../', import.meta.url).pathname;
// Beside the repository, or beside the folder of its worktrees.
const FOLDERS = ['../shared', '../../shared'].map((folder) => join(ROOT, folder, 'conformance/promql'));

/** A data file of the Prometheus project, which is not part of this repository; `undefined` when it is not there. */
export function readSuite(name: string): unknown {
  const folder = FOLDERS.find((candidate) => existsSync(join(candidate, name)));
  return folder === undefined ? undefined : JSON.parse(readFileSync(join(folder, name), 'utf8'));
}
