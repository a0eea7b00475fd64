import { spawnSync } from 'node:child_process';

/** Whether the fake library can be compiled here. Tests that need it are skipped by name where it cannot. */
export const hasGcc: boolean = process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0;
