import { setImmediate as nextTurn } from 'node:timers/promises';

/** How often the event loop turned while the work was under way, and what came of it. */
export async function countTurns<T>(
  work: Promise<T>,
): Promise<{ readonly turns: number; readonly value: T }> {
  const done = new AbortController();
  const counting = (async () => {
    let turns = 0;
    for (; !done.signal.aborted; turns++) await nextTurn();
    return turns;
  })();
  const value = await work.finally(() => done.abort());
  return { turns: await counting, value };
}
