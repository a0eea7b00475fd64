/** One thing to time; a call of it does `operations` of what is counted. */
export interface Contestant {
  readonly run: () => unknown;
  /** @defaultValue 1 */
  readonly operations?: number;
}

/** What time is measured by, in milliseconds. */
export type Stopwatch = () => number;

const wallMs: Stopwatch = () => performance.now();

/** Time that this thread worked: what others do on a busy machine is left out. Wall time where Node cannot tell. */
export const cpuMs: Stopwatch = () => {
  if (typeof process.threadCpuUsage !== 'function') return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const ROUNDS = 15;
const ROUND_MS = 60;

/**
 * Median milliseconds an operation of each contestant takes.
 *
 * Contestants take turns round by round in one process, so that a busy machine slows both and their ratio holds.
 * The first rounds only warm up the compiler.
 */
export async function compare(
  contestants: readonly Contestant[],
  now: Stopwatch = wallMs,
): Promise<number[]> {
  const plans = [];
  for (const contestant of contestants) {
    await timed(contestant, 3, now);
    const callMs = (await timed(contestant, 3, now)) / 3;
    plans.push({ contestant, calls: Math.max(1, Math.ceil(ROUND_MS / callMs)), times: [] as number[] });
  }
  for (let round = -3; round < ROUNDS; round++) {
    for (const { contestant, calls, times } of plans) {
      const ms = await timed(contestant, calls, now);
      if (round >= 0) times.push(ms / calls / (contestant.operations ?? 1));
    }
  }
  return plans.map(({ times }) => times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN);
}

async function timed({ run }: Contestant, calls: number, now: Stopwatch): Promise<number> {
  const startMs = now();
  for (let call = 0; call < calls; call++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return now() - startMs;
}

/** The longest time for which `run` kept the event loop from turning, in milliseconds: median of 15 runs. */
export async function longestTurn(run: () => Promise<unknown>, now: Stopwatch = wallMs): Promise<number> {
  const turns = [];
  for (let round = -3; round < ROUNDS; round++) {
    const longestMs = await watchTurns(run, now);
    if (round >= 0) turns.push(longestMs);
  }
  return turns.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
}

/** The longest time for which one `run` kept the event loop from turning, in milliseconds. */
export async function watchTurns(run: () => Promise<unknown>, now: Stopwatch = wallMs): Promise<number> {
  let longestMs = 0;
  let lastMs = now();
  let isWatching = true;
  const turn = (): void => {
    const nowMs = now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    if (isWatching) setImmediate(turn);
  };
  setImmediate(turn);
  await run();
  isWatching = false;
  turn();
  return longestMs;
}
