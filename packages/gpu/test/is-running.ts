import { readFileSync } from 'node:fs';

/** Whether a process of this machine runs. One that has ended but whose parent never asked (a zombie) does not. */
export function isRunning(pid: number): boolean {
  try {
    // The name in parentheses may hold anything; the state follows it.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
