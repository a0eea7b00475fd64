import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ConfigError } from '@tidewatch/core';

/**
 * Claims a folder for this process, by a file with its process number. A claim of a dead process is taken over.
 *
 * Processes of another machine or container are not seen: a folder belongs to one of them.
 *
 * @returns Gives the folder back.
 * @throws {@link ConfigError} while a living process has it, or an error of the file system.
 */
export function lockFolder(path: string): () => void {
  const own = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, own);
  try {
    while (!claimed(draft, path)) removeStale(path);
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (readText(path) === own) rmSync(path, { force: true });
  };
}

/** Whether the draft became the claim. A link appears whole or not at all. */
function claimed(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeStale(path: string): void {
  const claim = readText(path);
  if (claim === undefined) return;
  const holder = livingHolder(claim);
  if (holder !== undefined) throw inUse(holder);
  const aside = `${path}.${process.pid}.stale`;
  renameIfThere(path, aside);
  const taken = readText(aside);
  // Another process was quicker, and this is its claim, not the stale one: put it back.
  if (taken !== undefined && taken !== claim) claimed(aside, path);
  rmSync(aside, { force: true });
}

/** The process that made a claim, if it still runs: the same number and the same start. */
function livingHolder(claim: string): number | undefined {
  let parsed: { pid?: unknown; started?: unknown };
  try {
    parsed = JSON.parse(claim) as typeof parsed;
  } catch {
    return undefined;
  }
  const { pid, started } = parsed;
  if (typeof pid !== 'number' || !isRunning(pid)) return undefined;
  return startOf(pid) === started ? pid : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What tells this process from a later one of the same number, as in a restarted container. Empty where unknown. */
function startOf(pid: number): string {
  const boot = readText('/proc/sys/kernel/random/boot_id')?.trim();
  const stat = readText(`/proc/${pid}/stat`);
  // Field 22, counted behind the command's name, which may hold anything.
  const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return boot === undefined || ticks === undefined ? '' : `${boot} ${ticks}`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function inUse(pid: number): ConfigError {
  return new ConfigError('createStore', [
    {
      code: 'contradiction',
      path: 'dataDir',
      problem: `another store has this folder open, in process ${pid}`,
      remedy: 'give each store a folder of its own, or close the other first',
    },
  ]);
}
