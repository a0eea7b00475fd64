import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { labelOf } from '../../labels/label-set.ts';
import { all } from '../../../test/all.ts';
import { createStore, type Store, type StoreOptions, type StoreSample } from '../store.ts';

const MINUTE = 60_000;
const clock = manualClock();
/** For what the disk does in the background: how long to ask for it, not how long it may take. */
const SOON = { timeout: 30_000, interval: 2 };
let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tidewatch-disk-'));
});

afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

function open(options: StoreOptions = {}): Promise<Store> {
  return createStore({ dataDir, clock, ...options });
}

function sample(name: string, value: number): StoreSample {
  return { labels: { __name__: name }, value };
}

/** `name=value@minute`, a stale mark as `†`; ordered by name, so that two stores can be compared. */
async function held(store: Store, name = '.+', fromMs = -1, toMs = 1e15): Promise<string[]> {
  const selected = store.select([{ name: '__name__', operator: '=~', value: name }], fromMs, toMs);
  return (await all(selected))
    .map(
      ({ labels, times, values, stale }) =>
        `${labelOf(labels, '__name__')}: ${[...times]
          .map((time, at) => `${stale?.[at] === 1 ? '†' : values[at]}@${Number((time / MINUTE).toFixed(5))}`)
          .join(' ')}`,
    )
    .sort();
}

/** Values of a store metric, by its one label. */
async function metric(store: Store, name: string): Promise<Record<string, unknown>> {
  const { resourceMetrics } = await store.metricProducer.collect();
  const found = resourceMetrics.scopeMetrics[0]?.metrics.find(({ descriptor }) => descriptor.name === name);
  const points = found?.dataPoints ?? [];
  return Object.fromEntries(
    points.map(({ attributes, value }) => [Object.values(attributes)[0] ?? '', value]),
  );
}

function files(): string[] {
  return readdirSync(dataDir).sort();
}

/** What a process that is killed leaves: the folder as it is now, without its lock. */
function killedCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'tidewatch-disk-'));
  cpSync(dataDir, copy, { recursive: true });
  rmSync(join(copy, 'lock'));
  rmSync(dataDir, { recursive: true });
  return copy;
}

describe('a store that is opened again', () => {
  it('has what it had, and ends the series at close', async () => {
    const first = await open();
    first.append(MINUTE, [sample('a', 1), sample('b', Number.NaN)]);
    first.append(2 * MINUTE, [sample('a', -0.1)]);
    await first.close();
    await first.close();
    const then = ['a: 1@1 -0.1@2 †@2.00002', 'b: NaN@1 †@2'];
    expect(await held(first)).toEqual(then);
    expect(files()).toEqual(['00000001.wal']);

    await using second = await open();
    expect(await held(second)).toEqual(then);
    second.append(2 * MINUTE, [sample('a', 9)]); // the past is refused as before
    second.append(3 * MINUTE, [sample('a', 3)]);
    expect(await held(second, 'a')).toEqual(['a: 1@1 -0.1@2 †@2.00002 3@3']);
    expect(await metric(second, 'tidewatch_store_dropped_samples_total')).toMatchObject({ out_of_order: 1 });
  });

  it('ends the series of a process that was killed', async () => {
    const killed = await open();
    killed.append(MINUTE, [sample('a', 1)]);
    dataDir = killedCopy();
    await using store = await open();
    expect(await held(store)).toEqual(['a: 1@1 †@1.00002']);
    await killed.close();
  });

  it('keeps the axes apart', async () => {
    const first = await open();
    first.append(MINUTE, [sample('a', 1)], { axis: 'scrape' });
    first.append(2 * MINUTE, [sample('ALERTS', 1)], { axis: 'rules' });
    await first.close();
    await using second = await open();
    second.append(1.5 * MINUTE, [sample('a', 2)], { axis: 'scrape' });
    expect(await held(second, 'a')).toEqual(['a: 1@1 †@1.00002 2@1.5']);
  });

  it('reads labels as they were, whatever their names and characters', async () => {
    const labels = Object.fromEntries([
      ['__name__', 'a'],
      ['__proto__', '数\u{1F600}\0"'],
    ]);
    const first = await open();
    first.append(MINUTE, [{ labels, value: 1 }]);
    await first.close();
    await using second = await open();
    expect(await second.series([], 0, MINUTE)).toEqual([labels]);
  });
});

describe('segments', () => {
  // A head of three minutes makes segments of two.
  const short = { headMs: 3 * MINUTE } as const;

  /** A collect a second, and time to write what is due after every hundred. */
  async function filled(store: Store, from: number, to: number): Promise<void> {
    for (let at = from; at <= to; at++) {
      store.append(at * 1_000, [sample('counter', at), ...(at % 7 < 5 ? [sample('gauge', at / 8)] : [])]);
      if (at % 100 !== 0) continue;
      await vi.waitFor(
        () => expect(files().filter((name) => name.endsWith('.wal')).length).toBeLessThan(2),
        SOON,
      );
    }
  }

  it('take what leaves the memory, and are read as if it had not', async () => {
    const memory = await createStore({ retentionMs: 1e9 });
    const disk = await open(short);
    await filled(memory, 1, 1000);
    await filled(disk, 1, 1000);
    await disk.close();
    await using again = await open(short);
    const untilMs = 1_000_000;
    for (const store of [disk, again]) {
      expect(await held(store, '.+', -1, untilMs)).toEqual(await held(memory, '.+', -1, untilMs));
      expect(await held(store, 'gauge', 130_000, 505_000)).toEqual(
        await held(memory, 'gauge', 130_000, 505_000),
      );
    }
    expect(files().filter((name) => name.endsWith('.seg')).length).toBeGreaterThan(5);
    expect(files().filter((name) => name.endsWith('.wal'))).toHaveLength(1);
    expect(await again.series([], 0, 5_000)).toHaveLength(2);
    await filled(again, 1001, 2000);
    expect((await held(again, 'counter'))[0]).toMatch(/999@16\.65 1000@16\.66667 †@\S+ 1001@16\.68/);
  });

  it('frees the memory of what they took', async () => {
    await using store = await open(short);
    await filled(store, 1, 10_000);
    expect((await metric(store, 'tidewatch_store_bytes'))['']).toBeLessThan(2 * 8 * 120 * 9);
    expect((await held(store, 'counter'))[0]?.split(' ')).toHaveLength(10_001);
  });

  it('are removed whole when they are too old', async () => {
    const store = await open({ ...short, retentionMs: 10 * MINUTE });
    await filled(store, 1, 3000);
    await store.close();
    await using again = await open({ ...short, retentionMs: 10 * MINUTE });
    const oldest = Number(/ (\d+)@/.exec((await held(again, 'counter'))[0] ?? '')?.[1]);
    expect(oldest).toBeGreaterThan(3000 - 600 - 240);
    expect(oldest).toBeLessThanOrEqual(3000 - 600);
    expect(files().length).toBeLessThan(9);
  });

  it('are removed, oldest first, when they are too large', async () => {
    const store = await open({ ...short, retentionBytes: 6_000 });
    await filled(store, 1, 5000);
    await store.close();
    const total = files().reduce((sum, name) => sum + statSync(join(dataDir, name)).size, 0);
    expect(total).toBeLessThan(6_000 + 6_000); // the log of the present comes on top until it is sealed
    expect((await held(store, 'counter'))[0]).toMatch(/ 5000@/);
    expect(files()).not.toContain('00000001.seg');
  });

  it('replace the log of their number, also where a dead process had no time to remove it', async () => {
    const store = await open(short);
    await filled(store, 1, 120);
    await store.close();
    const log = readFileSync(join(dataDir, '00000001.wal'));
    writeFileSync(join(dataDir, '00000002.wal'), log);
    await (await open(short)).close(); // makes the segment
    rmSync(join(dataDir, '00000002.wal'));
    writeFileSync(join(dataDir, '00000001.wal'), log);
    await using again = await open(short);
    expect(files()).toEqual(['00000001.seg', 'lock']);
    expect(await held(again)).toEqual(await held(store));
  });

  it('are made at the next start of what a dead process left', async () => {
    const killed = await open(short);
    await filled(killed, 1, 120);
    await killed.close();
    // The process died after it began the next log and before the segment was there.
    const log = join(dataDir, '00000001.wal');
    cpSync(log, join(dataDir, '00000002.wal'));
    writeFileSync(join(dataDir, '00000001.seg.tmp'), 'half');
    await using store = await open(short);
    expect(files()).toEqual(['00000001.seg', '00000002.wal', 'lock']);
    expect(await held(store)).toEqual(await held(killed));
  });
});

describe('damage', () => {
  /** Six collects in a log; what is whole of it is held, for each count of whole collects. */
  async function smallLog(): Promise<{ bytes: Buffer; prefixes: string[] }> {
    const store = await open();
    const prefixes = [''];
    for (let at = 1; at <= 6; at++) {
      store.append(at * MINUTE, [sample('a', at), ...(at === 3 ? [] : [sample(`b${at}`, 0.5)])]);
      prefixes.push((await held(store, 'a', -1, 6 * MINUTE))[0] ?? '');
    }
    const bytes = readFileSync(join(dataDir, '00000001.wal'));
    await store.close();
    return { bytes, prefixes };
  }

  /** What a store opens to over this log, and what it says it did. */
  async function reopened(log: Buffer): Promise<{ a: string; cut: unknown; aside: unknown }> {
    for (const name of files()) rmSync(join(dataDir, name));
    writeFileSync(join(dataDir, '00000001.wal'), log);
    await using store = await open();
    const repairs = await metric(store, 'tidewatch_store_disk_repairs_total');
    store.append(7 * MINUTE, [sample('a', 7)]);
    expect(await held(store, 'a', 6.5 * MINUTE)).toEqual(['a: 7@7']);
    const a = (await held(store, 'a', -1, 6.5 * MINUTE))[0]?.replace(/ †\S+$/, '') ?? '';
    return { a, cut: repairs['wal_cut'], aside: repairs['quarantined'] };
  }

  it('a log cut at any byte opens to its whole collects', async () => {
    const { bytes, prefixes } = await smallLog();
    const seen = new Set<string>();
    let whole = 0;
    for (let length = 0; length <= bytes.length; length++) {
      const { a, cut } = await reopened(bytes.subarray(0, length));
      expect(prefixes).toContain(a);
      expect(a.length).toBeGreaterThanOrEqual([...seen].at(-1)?.length ?? 0);
      seen.add(a);
      if (cut === 0) whole += 1;
    }
    expect([...seen]).toEqual(prefixes);
    expect(whole).toBe(8); // no byte, the magic alone, and behind each of six collects
  });

  it('a log with any byte flipped opens to the collects before it', async () => {
    const { bytes, prefixes } = await smallLog();
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] as number) ^ 0xff;
      const { a, cut, aside } = await reopened(flipped);
      expect(prefixes.slice(0, -1)).toContain(a);
      expect([cut, aside]).toEqual(at < 8 ? [0, 1] : [1, 0]);
    }
  });

  it('a tail of zeros, as a power cut leaves it, is no collect', async () => {
    const { bytes, prefixes } = await smallLog();
    const { a, cut } = await reopened(Buffer.concat([bytes, Buffer.alloc(100)]));
    expect([a, cut]).toEqual([prefixes.at(-1), 1]);
  });

  it('a segment cut or flipped at any byte is set aside, and the rest is answered', async () => {
    const store = await open({ headMs: 3 * MINUTE });
    for (let minute = 1; minute <= 8; minute++) store.append(minute * MINUTE, [sample('a', minute ** 0.5)]);
    await store.close();
    expect(files()).toEqual(['00000001.seg', '00000002.seg', '00000003.seg', '00000004.wal']);
    const whole = await held(store);
    const path = join(dataDir, '00000002.seg');
    const bytes = readFileSync(path);
    const withoutIt = whole[0]?.replace(/ \S+@4 \S+@5/, '');

    const damaged = Array.from({ length: bytes.length }, (_, at) => {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] as number) ^ 0x01;
      return [bytes.subarray(0, at), flipped];
    }).flat();
    for (const content of damaged) {
      writeFileSync(path, content);
      await using again = await open({ headMs: 3 * MINUTE });
      const [answer] = await held(again);
      expect(answer).toBe(withoutIt);
      expect(await metric(again, 'tidewatch_store_disk_repairs_total')).toMatchObject({ quarantined: 1 });
      expect(files()).toContain('00000002.seg.broken');
      rmSync(`${path}.broken`);
    }
    writeFileSync(path, bytes);
    await using mended = await open({ headMs: 3 * MINUTE });
    expect(await held(mended)).toEqual(whole);
  });

  it('a file that is not of the store is left alone', async () => {
    writeFileSync(join(dataDir, 'notes.txt'), 'mine');
    appendFileSync(join(dataDir, 'x.seg'), 'mine too');
    await (await open()).close();
    expect(files()).toEqual(['notes.txt', 'x.seg']);
  });
});

describe('a disk that fails', () => {
  it('full: the collect is in memory, said once and counted, and the next log is tried', async () => {
    const logger = { ...silentLogger, warn: vi.fn(), info: vi.fn() };
    const store = await open({ logger });
    symlinkSync('/dev/full', join(dataDir, '00000001.wal'));
    for (let minute = 1; minute <= 3; minute++) store.append(minute * MINUTE, [sample('a', minute)]);
    expect(await held(store)).toEqual(['a: 1@1 2@2 3@3']);
    expect(await metric(store, 'tidewatch_store_disk_errors_total')).toMatchObject({ write: 3 });
    expect(logger.warn).toHaveBeenCalledTimes(1);

    rmSync(join(dataDir, '00000001.wal'));
    store.append(4 * MINUTE, [sample('a', 4)]);
    expect(logger.info).toHaveBeenCalledTimes(1);
    await store.close();
    await using again = await open();
    expect((await held(again, 'a', 3.5 * MINUTE))[0]).toMatch(/^a: 4@4/);
  });

  it('read-only: what is there is answered, and new collects stay in memory', async () => {
    const first = await open();
    first.append(MINUTE, [sample('a', 1)]);
    await first.close();
    const before = readFileSync(join(dataDir, '00000001.wal'));
    const logger = { ...silentLogger, warn: vi.fn() };
    chmodSync(dataDir, 0o555);
    chmodSync(join(dataDir, '00000001.wal'), 0o444);
    // The superuser may write anywhere: be nobody for a moment.
    const uid = process.geteuid?.();
    if (uid === 0) process.seteuid?.(65_534);
    try {
      await using store = await open({ logger, headMs: 3 * MINUTE });
      store.append(2 * MINUTE, [sample('a', 2)]);
      expect(await held(store)).toEqual(['a: 1@1 †@1.00002 2@2']);
      // Nobody takes the old samples over: they must not pile up.
      for (let minute = 3; minute <= 1000; minute++) store.append(minute * MINUTE, [sample('a', minute)]);
      expect((await metric(store, 'tidewatch_store_bytes'))['']).toBeLessThan(3 * 120 * 9);
      expect(await metric(store, 'tidewatch_store_disk_errors_total')).toMatchObject({ open: 1, write: 0 });
      expect(logger.warn).toHaveBeenCalledTimes(1);
    } finally {
      if (uid === 0) process.seteuid?.(0);
      chmodSync(dataDir, 0o755);
    }
    expect(readFileSync(join(dataDir, '00000001.wal'))).toEqual(before);
  });

  it('a segment that is gone is left out', async () => {
    const store = await open({ headMs: 3 * MINUTE });
    for (let minute = 1; minute <= 300; minute++) store.append(minute * MINUTE, [sample('a', minute)]);
    await vi.waitFor(() => expect(files().filter((name) => name.endsWith('.wal'))).toHaveLength(1), SOON);
    store.append(301 * MINUTE, [sample('a', 301)]); // evicts
    rmSync(join(dataDir, '00000002.seg'));
    expect((await held(store))[0]).toMatch(/^a: 1@1 2@2 3@3 6@6/);
    expect(await metric(store, 'tidewatch_store_disk_errors_total')).toMatchObject({ read: 1 });
    await store.close();
  });

  it('a path that is no folder is refused', async () => {
    const path = join(dataDir, 'file');
    writeFileSync(path, '');
    await expect(open({ dataDir: path })).rejects.toThrow(/dataDir: expected a folder, got ".*file"/);
    await expect(open({ dataDir: join(path, 'below') })).rejects.toThrow(/dataDir: expected a folder/);
  });
});

it('a second store on the folder is refused, until the first is closed', async () => {
  const first = await open();
  await expect(open()).rejects.toThrow(
    `createStore: dataDir: another store has this folder open, in process ${process.pid}; give each store`,
  );
  await first.close();
  await (await open()).close();
});

it.each([
  ['a process that is dead', '{"pid":4194999,"started":"x"}'],
  ['a process whose number is taken again', JSON.stringify({ pid: process.pid, started: 'another boot 1' })],
  ['something unreadable', 'half a li'],
])('the lock of %s is taken over', async (_, lock) => {
  writeFileSync(join(dataDir, 'lock'), lock);
  await using store = await open();
  store.append(MINUTE, [sample('a', 1)]);
  expect(files()).toEqual(['00000001.wal', 'lock']);
});

it('is as a store in memory, whatever is collected and however often it is opened', async () => {
  const value = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.constantFrom(-0, 0.1, 2 ** 53, -(2 ** 60), Number.NaN, Infinity),
    fc.integer({ min: -500, max: 500 }).map((cents) => cents / 100),
  );
  const collect = fc.record({
    stepMs: fc.integer({ min: 1, max: 40_000 }),
    axis: fc.constantFrom('x', 'y'),
    values: fc.array(value, { maxLength: 4 }),
    reopen: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(collect, { minLength: 1, maxLength: 60 }), async (collects) => {
      rmSync(dataDir, { recursive: true, force: true });
      const memory = await createStore({ retentionMs: 1e9 });
      let disk = await open({ headMs: 90_000 });
      let timeMs = 0;
      let livesOn = { x: false, y: false };
      const lastMs = { x: 0, y: 0 };
      const end = (): void => {
        for (const axis of ['x', 'y'] as const) {
          if (livesOn[axis]) memory.append(++lastMs[axis], [], { axis });
        }
        livesOn = { x: false, y: false };
      };
      for (const { stepMs, axis, values, reopen } of collects) {
        timeMs += 1 + stepMs;
        const samples = values.map((each, at) => sample(`${axis}${at}`, each));
        memory.append(timeMs, samples, { axis });
        disk.append(timeMs, samples, { axis });
        lastMs[axis] = timeMs;
        livesOn[axis] = samples.length > 0;
        if (!reopen) continue;
        await disk.close();
        end();
        disk = await open({ headMs: 90_000 });
      }
      await disk.close();
      end();
      const [from, to] = [timeMs / 3, timeMs / 2];
      expect(await held(disk)).toEqual(await held(memory));
      expect(await held(disk, '.+', from, to)).toEqual(await held(memory, '.+', from, to));
    }),
    { numRuns: 60 },
  );
});

it('cannot be cut by what is written behind a log that ends in half a collect', async () => {
  const first = await open();
  first.append(MINUTE, [sample('a', 1)]);
  await first.close();
  truncateSync(join(dataDir, '00000001.wal'), statSync(join(dataDir, '00000001.wal')).size - 3);
  const second = await open();
  second.append(2 * MINUTE, [sample('a', 2)]);
  await second.close();
  await using third = await open();
  expect((await held(third))[0]).toMatch(/^a: 1@1 †\S+ 2@2 †/);
  expect(await metric(third, 'tidewatch_store_disk_repairs_total')).toMatchObject({ wal_cut: 0 });
});
