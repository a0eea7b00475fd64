import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createStore } from '../../src/index.ts';
import { faultOf, lastCollect } from './collects.ts';

export interface KillReport {
  readonly rounds: number;
  readonly collects: number;
  /** Collects that were under way and are not there: at most one a round. */
  readonly lostInFlight: number;
}

/**
 * Starts a process that collects, kills it with SIGKILL at a random moment, and compares all that is on disk with all
 * that was collected; again and again on the same folder.
 *
 * @throws an error at the first round in which a stored collect is missing or any value differs.
 */
export async function killLoop(dataDir: string, rounds: number, random: () => number): Promise<KillReport> {
  let lostInFlight = 0;
  let collects = 0;
  for (let round = 1; round <= rounds; round++) {
    const said = await runAndKill(dataDir, Math.floor(1 + random() * 150));
    const store = await createStore({ dataDir, headMs: 90_000 });
    collects = await lastCollect(store);
    const fault =
      (await faultOf(store)) ?? (collects < said.done ? `collect ${said.done} is lost` : undefined);
    await store.close();
    if (fault !== undefined) throw new Error(`round ${round}: ${fault}`);
    if (collects < said.begun) lostInFlight += 1;
  }
  return { rounds, collects, lostInFlight };
}

/** Kills the writer after so many of its collects, wherever it then is in the next ones. */
async function runAndKill(dataDir: string, after: number): Promise<{ begun: number; done: number }> {
  const writer = spawn(
    process.execPath,
    ['--conditions=@tidewatch/source', fileURLToPath(new URL('writer.ts', import.meta.url)), dataDir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const closed = once(writer, 'close');
  let output = '';
  let lines = 0;
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    lines += text.split('\n').length - 1;
    if (lines >= after) writer.kill('SIGKILL');
  });
  await closed;
  if (writer.signalCode !== 'SIGKILL') throw new Error(`the writer ended by itself: ${writer.exitCode}`);
  const last = (word: string): number => {
    const numbers = [...output.matchAll(new RegExp(`${word} (\\d+)\n`, 'g'))].map(([, digits]) =>
      Number(digits),
    );
    return numbers.at(-1) ?? 0;
  };
  return { begun: last('begin'), done: last('done') };
}
