import { spawnSync } from 'node:child_process';

const compiler = 'gcc';

/** Whether the fake library can be compiled here. Tests that need it are skipped by name where it cannot. */
export const hasGcc: boolean =
  process.platform === 'linux' && spawnSync(compiler, ['--version']).status === 0;
