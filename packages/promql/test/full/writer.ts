// Collects into the folder of argv[2], where a file may not grow for ever. Says what memory holds and what was warned of.
import { createStore } from '../../src/index.ts';

const COLLECTS = 200;

const warnings: unknown[] = [];
const nothing = (): void => undefined;
const logger = {
  debug: nothing,
  info: nothing,
  warn: (details: unknown) => warnings.push(details),
  error: nothing,
};
const store = await createStore({ dataDir: process.argv[2] as string, logger });
for (let at = 1; at <= COLLECTS; at++) {
  const samples = Array.from({ length: 10 }, (_, number) => ({
    labels: { __name__: 'm', number: String(number) },
    value: at + number / 7,
  }));
  store.append(at * 1_000, samples);
}
const held: number[] = [];
for await (const { times } of store.select([], 0, 1e9)) held.push(times.length);
console.log(JSON.stringify({ held, warnings: warnings.length }));
await store.close();
