// Collects into the folder of argv[2] until it is killed. Says each collect before and after it is stored.
import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createStore } from '../../src/index.ts';
import { samplesAt, lastCollect } from './collects.ts';

const store = await createStore({ dataDir: process.argv[2] as string, headMs: 90_000 });
for (let at = (await lastCollect(store)) + 1; ; at++) {
  say(`begin ${at}\n`);
  store.append(at * 1_000, samplesAt(at));
  say(`done ${at}\n`);
  await nextTurn(); // segments are written in between
}

/** Written when this returns, whatever happens next. */
function say(line: string): void {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error; // the pipe is full: try again
    }
  }
}
