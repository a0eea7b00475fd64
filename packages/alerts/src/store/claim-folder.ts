import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Another process has the folder. */
export class FolderInUse extends Error {
  readonly pid: number;

  constructor(pid: number) {
    super(`process ${pid} has it open`);
    this.name = 'FolderInUse';
    this.pid = pid;
  }
}

/**
 * Claims a folder for this process by a file that names it. A claim of a process that is dead, or whose number another
 * one has since, is taken over. Processes of another machine or container are not seen.
 *
 * @returns Gives the folder back.
 * @throws {@link FolderInUse}, or an error of the file system.
 */
export function claimFolder(path: string): () => void {
  const own = `${process.pid} ${startOf(process.pid)} ${++claims}`;
  for (;;) {
    try {
      writeFileSync(path, own, { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const claim = readText(path) ?? '';
    const holder = livingHolder(claim);
    if (holder !== undefined) throw new FolderInUse(holder);
    // Moved before it is removed: of two that see the same dead claim, one moves it and the other finds nothing.
    const aside = `${path}.${process.pid}`;
    try {
      renameSync(path, aside);
    } catch {
      continue;
    }
    const taken = readText(aside);
    rmSync(aside, { force: true });
    // It was the fresh claim of a quicker process after all: it stays theirs.
    if (taken !== claim && taken !== undefined) writeFileSync(path, taken);
  }
  return () => {
    if (readText(path) === own) rmSync(path, { force: true });
  };
}

let claims = 0;

/** The process that made a claim, if it still runs: the same number and the same start. */
function livingHolder(claim: string): number | undefined {
  const [pid = '', start = ''] = claim.split(' ');
  if (!/^\d+$/.test(pid)) return undefined;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  return startOf(Number(pid)) === start ? Number(pid) : undefined;
}

/** Boot and clock tick at which a process started: tells it from a later one of the same number. */
function startOf(pid: number): string {
  const boot = readText('/proc/sys/kernel/random/boot_id')?.trim();
  const stat = readText(`/proc/${pid}/stat`);
  // Field 22, counted behind the command's name, which may hold anything.
  const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return boot === undefined || ticks === undefined ? '' : `${boot}/${ticks}`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
