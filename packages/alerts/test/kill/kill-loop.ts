import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startJudge, type Judge } from './judge.ts';

export interface KillReport {
  readonly kills: number;
  /** Changes of alerts that were told. */
  readonly told: number;
  /** Changes that were never told. */
  readonly missing: number;
  /** Changes that were told more than once. */
  readonly repeated: number;
  /** Messages that were answered with 503 or not at all. */
  readonly refused: number;
}

export interface KillOptions {
  /** Folder of the store, or `memory`: to see that the test sees a loss. */
  readonly place: string;
  readonly rounds: number;
  readonly changes: number;
  readonly random: () => number;
  /** Without news for so long, what is not told yet is missing. @defaultValue 60_000 */
  readonly patienceMs?: number;
}

/** Kills a process that tells changes of alerts, again and again, and counts what was not told. */
export async function killLoop(options: KillOptions): Promise<KillReport> {
  const { place, rounds, changes, random, patienceMs = 60_000 } = options;
  await using judge = await startJudge(Math.min(40, Math.ceil(changes / 4)), changes, random);
  let kills = 0;
  for (; kills < rounds && judge.told() < changes; kills++) {
    const share = (changes - judge.told()) / (rounds - kills);
    const isStuck = await runAndKill(
      judge,
      place,
      Math.ceil(Math.min(random() * 2 * share, changes - judge.told())),
      random,
      patienceMs,
    );
    if (isStuck) break;
  }
  // The last one may finish.
  const last = startTeller(judge, place);
  for (let at = judge.told(), idleMs = 0; judge.told() < changes && idleMs < patienceMs; idleMs += 50) {
    if (judge.told() > at) [at, idleMs] = [judge.told(), 0];
    await sleep(50);
  }
  await kill(last);
  const missing = judge.told() < changes ? judge.untold().length : 0;
  return { kills, told: judge.told(), missing, repeated: judge.repeated(), refused: judge.refused() };
}

type Teller = ReturnType<typeof startTeller>;

function startTeller(judge: Judge, place: string) {
  const script = fileURLToPath(new URL('teller.ts', import.meta.url));
  return spawn(process.execPath, ['--conditions=@tidewatch/source', script, judge.origin, place], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
}

async function kill(teller: Teller): Promise<void> {
  if (teller.exitCode !== null || teller.signalCode !== null) return;
  const closed = once(teller, 'close');
  teller.kill('SIGKILL');
  await closed;
}

/** Kills it at one of the moments that matter: before it has the answer, right after, or in between. */
async function runAndKill(
  judge: Judge,
  place: string,
  after: number,
  random: () => number,
  patienceMs: number,
): Promise<boolean> {
  const teller = startTeller(judge, place);
  const closed = once(teller, 'close');
  let messages = 0;
  let heardAt = performance.now();
  const moment = random();
  judge.onTold = async () => {
    heardAt = performance.now();
    if (++messages < after) return;
    if (moment < 0.3) teller.kill('SIGKILL');
    else if (moment < 0.6) setImmediate(() => teller.kill('SIGKILL'));
    else void sleep(random() * 30).then(() => teller.kill('SIGKILL'));
  };
  while (teller.exitCode === null && teller.signalCode === null && performance.now() - heardAt < patienceMs)
    await Promise.race([closed, sleep(100)]);
  judge.onTold = () => {};
  const isStuck = teller.signalCode === null;
  if (teller.exitCode !== null) throw new Error(`the teller ended by itself: ${teller.exitCode}`);
  await kill(teller);
  return isStuck;
}
