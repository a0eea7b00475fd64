import { appendFile, copyFile, mkdtemp, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import * as files from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, type Logger } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { openDurableStore } from './durable-store.ts';
import type { JournalFiles } from './journal.ts';
import type { StateStore } from './state-store.ts';

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-alerts-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface Parts {
  readonly files?: JournalFiles;
  readonly logger?: Logger;
}

async function openIn(folder: string, parts: Parts = {}): Promise<StateStore> {
  const store = await openDurableStore({ folder, clock: manualClock(), logger: silentLogger, ...parts });
  onTestFinished(() => store.close());
  return store;
}

const beats = (store: StateStore): [string, number][] =>
  [...store.rows('heartbeat')].map(([key, { atMs }]) => [key, atMs]);

async function journalOf(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /^journal-\d+$/.test(name));
  expect(names).toHaveLength(1);
  return join(folder, names[0] ?? '');
}

it('finds again what was committed, and not what was removed', async () => {
  const folder = await newFolder();
  const store = await openIn(folder);
  store.put('heartbeat', 'a', { atMs: 1 });
  store.put('heartbeat', 'b', { atMs: Number.NaN });
  store.put('heartbeat', 'c', { atMs: 3 });
  await store.commit();
  store.remove('heartbeat', 'a');
  store.put('heartbeat', 'c', { atMs: Number.NEGATIVE_INFINITY });
  await store.close();
  expect(beats(await openIn(folder))).toEqual([
    ['b', Number.NaN],
    ['c', Number.NEGATIVE_INFINITY],
  ]);
});

it('cuts off a torn end: every prefix of the file holds whole transactions only', async () => {
  const folder = await newFolder();
  const store = await openIn(folder);
  const ends: number[] = [];
  for (let at = 1; at <= 5; at++) {
    store.put('heartbeat', 'one', { atMs: at });
    store.put('heartbeat', 'other', { atMs: at });
    await store.commit();
    ends.push(store.health().bytes);
  }
  await store.close();
  const path = await journalOf(folder);
  const whole = await readFile(path);
  for (let length = 0; length <= whole.length; length += 7) {
    const copy = await newFolder();
    await writeFile(join(copy, 'journal-00000000'), whole.subarray(0, length));
    const at = ends.filter((end) => end <= length).length;
    const reopened = await openIn(copy);
    const wanted =
      at === 0
        ? []
        : [
            ['one', at],
            ['other', at],
          ];
    expect(beats(reopened)).toEqual(wanted);
    // It goes on behind the cut.
    reopened.put('heartbeat', 'one', { atMs: 99 });
    await reopened.close();
    expect(new Map(beats(await openIn(copy))).get('one')).toBe(99);
  }
});

it('R19 takes no part of a transaction whose end is torn off, however many lines it has', async () => {
  const folder = await newFolder();
  const store = await openIn(folder);
  for (const at of [1, 2]) {
    for (const key of 'abc') store.put('heartbeat', key.repeat(40_000), { atMs: at });
    await store.commit();
  }
  await store.close();
  const whole = await readFile(await journalOf(folder));
  for (const cut of [1, 20_000, 50_000, 90_000]) {
    const copy = await newFolder();
    await writeFile(join(copy, 'journal-00000000'), whole.subarray(0, whole.length - cut));
    expect(beats(await openIn(copy)).map(([, atMs]) => atMs)).toEqual([1, 1, 1]);
  }
});

it('R19 keeps a file with damage in its middle aside, says so, and goes on with what is whole', async () => {
  const folder = await newFolder();
  const store = await openIn(folder);
  for (const key of ['a', 'b', 'c']) {
    store.put('heartbeat', key, { atMs: 1 });
    await store.commit();
  }
  await store.close();
  const path = await journalOf(folder);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('"b"', '"x"'));
  const errors: object[] = [];
  const logger = { ...silentLogger, error: (fields: object) => void errors.push(fields) };
  const reopened = await openIn(folder, { logger });
  expect(beats(reopened).map(([key]) => key)).toEqual(['a', 'c']);
  expect(reopened.health().quarantined).toBe(1);
  expect(errors).toMatchObject([{ damagedLines: 1 }]);
  await reopened.close();
  expect(await readFile(`${path}.damaged`, 'utf8')).toContain('"x"');
  // The fault is told once, not at every start.
  expect((await openIn(folder)).health().quarantined).toBe(0);
});

it('R19 refuses a folder that another process has, and takes one whose process is dead', async () => {
  const folder = await newFolder();
  const holder = spawn('sleep', ['60']);
  onTestFinished(() => void holder.kill());
  const start = (await readFile(`/proc/${holder.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[19];
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  await writeFile(join(folder, 'claim'), `${holder.pid} ${boot}/${start} 1`);
  await expect(openIn(folder)).rejects.toThrow(
    `createAlerting: store.dir: ${JSON.stringify(folder)}: process ${holder.pid} has it open; give each alerting`,
  );
  holder.kill();
  await once(holder, 'exit');
  await expect(openIn(folder)).resolves.toBeDefined();
});

it('R19 goes on in memory while the disk is full, says so once, and stores all of it when there is room', async () => {
  const folder = await newFolder();
  let isFull = false;
  const full = (): never => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  };
  const openOrFail: JournalFiles['open'] = async (...args) => {
    const handle = await open(...args);
    const write = handle.write.bind(handle);
    return Object.assign(handle, {
      // Half of the line gets through, as on a real disk.
      write: async (buffer: Buffer, from: number, length: number, at: number) => {
        if (!isFull) return write(buffer, from, length, at);
        await write(buffer, from, length >> 1, at);
        return full();
      },
    });
  };
  const errors: object[] = [];
  const logger = { ...silentLogger, error: (fields: object) => void errors.push(fields) };
  const store = await openIn(folder, { files: { ...files, open: openOrFail }, logger });
  store.put('heartbeat', 'a', { atMs: 1 });
  await store.commit();
  isFull = true;
  for (let at = 2; at < 6; at++) {
    store.put('heartbeat', 'b', { atMs: at });
    await store.commit();
  }
  expect(store.health()).toMatchObject({ degraded: { reason: 'ENOSPC', sinceMs: 0 } });
  expect(errors).toHaveLength(1);
  const crashed = await newFolder();
  await copyFile(await journalOf(folder), join(crashed, 'journal-00000000'));
  expect(beats(await openIn(crashed))).toEqual([['a', 1]]);
  isFull = false;
  store.put('heartbeat', 'c', { atMs: 6 });
  await store.commit();
  expect(store.health().degraded).toBeUndefined();
  await store.close();
  expect(beats(await openIn(folder))).toEqual([
    ['a', 1],
    ['b', 5],
    ['c', 6],
  ]);
});

it('R19 starts on a disk that takes nothing, in memory, and refuses a folder that is none', async () => {
  const folder = await newFolder();
  const readOnly: JournalFiles['open'] = async () => {
    throw Object.assign(new Error(`read-only: ${folder}`), { code: 'EROFS' });
  };
  const store = await openIn(folder, { files: { ...files, open: readOnly } });
  store.put('heartbeat', 'a', { atMs: 1 });
  await store.commit();
  expect(store.health().degraded).toMatchObject({ reason: 'EROFS' });
  await writeFile(join(folder, 'file'), '');
  await expect(openIn(join(folder, 'file'))).rejects.toThrow('store.dir: cannot use');
});

it('R27 stays small, however much passes through it', async () => {
  const folder = await newFolder();
  const store = await openIn(folder);
  for (let round = 0; round < 60; round++) {
    for (let key = 0; key < 100; key++) store.put('heartbeat', `${'k'.repeat(400)}${key}`, { atMs: round });
    await store.commit();
  }
  const { bytes } = store.health();
  expect(bytes).toBeLessThan(1_200_000);
  await store.close();
  expect(beats(await openIn(folder)).every(([, atMs]) => atMs === 59)).toBe(true);
  expect((await readdir(folder)).toSorted()).toEqual(['claim', expect.stringMatching(/^journal-\d+$/)]);
});

it('does not mistake a lost end of a file for damage, but a line of noise with more behind it', async () => {
  const folder = await newFolder();
  const store = await openIn(folder);
  store.put('heartbeat', 'a', { atMs: 1 });
  await store.close();
  await appendFile(await journalOf(folder), 'noise without an end');
  const reopened = await openIn(folder);
  expect(reopened.health().quarantined).toBe(0);
  expect(beats(reopened)).toEqual([['a', 1]]);
});

it('holds what a map would hold, through any commits and openings', async () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const change = fc.oneof(
    fc.record({ key, atMs: fc.double() }),
    fc.record({ key }),
    fc.constantFrom('commit' as const, 'reopen' as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
      const folder = await mkdtemp(join(tmpdir(), 'tidewatch-alerts-'));
      const options = { folder, clock: manualClock(), logger: silentLogger };
      const model = new Map<string, number>();
      let store = await openDurableStore(options);
      for (const one of [...changes, 'reopen' as const]) {
        if (one === 'commit') await store.commit();
        else if (one === 'reopen') {
          await store.close();
          store = await openDurableStore(options);
          expect(new Map(beats(store))).toEqual(model);
        } else if ('atMs' in one && typeof one.atMs === 'number') {
          model.set(one.key, Object.is(one.atMs, -0) ? 0 : one.atMs);
          store.put('heartbeat', one.key, { atMs: one.atMs });
        } else {
          model.delete(one.key);
          store.remove('heartbeat', one.key);
        }
      }
      await store.close();
      await rm(folder, { recursive: true });
    }),
    { numRuns: 40 },
  );
});
