import { all } from '../all.ts';
import type { SelectedSeries, Store, StoreSample } from '../../src/index.ts';

/** Twenty series of every kind of value; some come and go. */
export function samplesAt(at: number): readonly StoreSample[] {
  return Array.from({ length: 20 }, (_, number) => ({
    labels: { __name__: 'kill', number: String(number) },
    value: valueOf(number, at),
  })).filter((_, number) => number % 5 !== 4 || at % 7 < 5);
}

export function valueOf(number: number, at: number): number {
  if (number % 3 === 0) return at * number;
  return number % 3 === 1 ? Math.sin(at * number) : Math.round(at * 7 + number) / 100;
}

function read(store: Store): Promise<readonly SelectedSeries[]> {
  return all(store.select([{ name: '__name__', operator: '=', value: 'kill' }], -1, 1e15));
}

/** Number of the newest collect; 0 when there is none. */
export async function lastCollect(store: Store): Promise<number> {
  return Math.max(0, ...(await read(store)).map(({ times }) => Math.floor((times.at(-1) as number) / 1_000)));
}

/** What differs from all that was collected; `undefined` when nothing does. */
export async function faultOf(store: Store): Promise<string | undefined> {
  const last = await lastCollect(store);
  for (const { labels, times, values, stale } of await read(store)) {
    const number = Number(labels.values[labels.names.indexOf('number')]);
    const wanted = Array.from({ length: last }, (_, at) => at + 1).filter(
      (at) => number % 5 !== 4 || at % 7 < 5,
    );
    const fresh = [...times.keys()].filter((at) => stale?.[at] !== 1);
    if (fresh.length !== wanted.length) {
      return `series ${number} has ${fresh.length} of ${wanted.length} samples`;
    }
    for (const [place, at] of wanted.entries()) {
      const slot = fresh[place] as number;
      if (times[slot] !== at * 1_000 || values[slot] !== valueOf(number, at)) {
        return `series ${number} has ${values[slot]} at ${times[slot]}, expected ${valueOf(number, at)} at ${at}`;
      }
    }
  }
  return undefined;
}
