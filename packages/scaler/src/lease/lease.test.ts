import { manualClock, type ManualClock } from '@tidewatch/core/testing';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decideLease } from './decide-lease.ts';
import { fileLeaseStore } from './file-lease.ts';
import { holdLease, type Lease, type LeaseOptions } from './hold-lease.ts';
import type { LeaseRecord, LeaseStore, VersionedRecord } from './lease-record.ts';

const DURATION_MS = 15_000;
const never = new AbortController().signal;

function written(holder: string): VersionedRecord {
  return { record: { holder, term: 3, renewals: 7, durationMs: DURATION_MS }, version: '9' };
}

it.for([
  // found             unchanged for  move                                             why
  [undefined, 0, { reason: 'first', record: { holder: 'me', term: 1 } }],
  [written('me'), 0, { reason: 'renewal', record: { term: 3, renewals: 8 } }],
  [written('me'), 99_999, { reason: 'renewal', record: { term: 3, renewals: 8 } }], // nobody has taken it meanwhile
  [written('other'), 14_999, { move: 'wait', reason: 'held-by-other' }],
  [written('other'), 15_000, { reason: 'expired', record: { holder: 'me', term: 4, renewals: 0 } }],
  [written(''), 0, { reason: 'given-back', record: { holder: 'me', term: 4 } }],
] as const)('%# %o, unchanged for %i ms: %o', ([found, unchangedMs, move]) => {
  const view = { identity: 'me', durationMs: DURATION_MS, found, unchangedSinceMs: 1000 };
  expect(decideLease({ ...view, nowMs: 1000 + unchangedMs })).toMatchObject(move);
});

/** One record in memory, which can be cut off. */
function sharedStore() {
  let kept: VersionedRecord | undefined;
  const store = {
    isDown: false,
    hangs: false,
    record: (): LeaseRecord | undefined => kept?.record,
  };
  async function fail(): Promise<void> {
    if (store.hangs) await new Promise<never>(() => {});
    if (store.isDown) throw new Error('no network');
  }
  const leaseStore: LeaseStore = {
    async read() {
      await fail();
      return kept;
    },
    async write(record, version) {
      await fail();
      if (version !== kept?.version) return false;
      kept = { record, version: String(Number(version ?? 0) + 1) };
      return true;
    },
  };
  return Object.assign(store, { leaseStore });
}

function contender(store: LeaseStore, clock: ManualClock, identity: string, more: LeaseOptions = {}): Lease {
  const lease = holdLease(store, { identity, durationMs: DURATION_MS, clock, ...more });
  onTestFinished(() => lease.close());
  return lease;
}

describe('a lease', () => {
  it('is held by one at a time, and changes hands when its holder dies', async () => {
    const clock = manualClock();
    const { leaseStore } = sharedStore();
    const [a, b] = [contender(leaseStore, clock, 'a'), contender(leaseStore, clock, 'b')];
    expect(await a.settled(never)).toBe(true);
    expect(await b.settled(never)).toBe(false);
    await clock.advance(60_000);
    expect([a.isHeld(), b.isHeld()]).toEqual([true, false]);
    await a.close();
    await clock.advance(3000);
    expect([a.isHeld(), b.isHeld(), b.term()]).toEqual([false, true, 2]);
  });

  it('ends for a holder that is cut off before another can have it', async () => {
    const clock = manualClock();
    const shared = sharedStore();
    const a = contender(shared.leaseStore, clock, 'a');
    // Only `a` is cut off: the other has a network of its own.
    const own = { ...shared.leaseStore };
    const cut: LeaseStore = {
      read: async (signal) => (shared.isDown ? Promise.reject(new Error('cut off')) : own.read(signal)),
      write: async (...args) => (shared.isDown ? Promise.reject(new Error('cut off')) : own.write(...args)),
    };
    await a.close();
    await clock.advance(0);
    const c = contender(cut, clock, 'c');
    await c.settled(never);
    expect(c.isHeld()).toBe(true);
    const lost = c.lost();
    shared.isDown = true;
    await clock.advance(9_000);
    expect(lost.aborted).toBe(false);
    await clock.advance(1_001);
    expect(c.isHeld()).toBe(false);
    expect(lost.aborted).toBe(true);
  });

  it('ends in time also when the store never answers', async () => {
    const clock = manualClock();
    const shared = sharedStore();
    const a = contender(shared.leaseStore, clock, 'a');
    await a.settled(never);
    const lost = a.lost();
    shared.hangs = true;
    await clock.advance(DURATION_MS);
    expect([a.isHeld(), lost.aborted]).toEqual([false, true]);
    shared.hangs = false;
  });

  it('is over for a process that was paused, before it has done anything else', async () => {
    const store = sharedStore();
    let monotonicMs = 0;
    const clock = { ...manualClock(), monotonic: () => monotonicMs };
    const lease = holdLease(store.leaseStore, { identity: 'a', durationMs: DURATION_MS, clock });
    await lease.settled(never);
    expect(lease.isHeld()).toBe(true);
    monotonicMs = 10_001; // no timer has run
    expect(lease.isHeld()).toBe(false);
    expect(lease.lost().aborted).toBe(true);
    await lease.close();
  });

  it('does not care what the wall clock says', async () => {
    const clock = manualClock();
    const { leaseStore } = sharedStore();
    const [a, b] = [contender(leaseStore, clock, 'a'), contender(leaseStore, clock, 'b')];
    await a.settled(never);
    await b.settled(never);
    clock.jumpTo(3_600_000);
    expect(a.isHeld()).toBe(true);
    clock.jumpTo(-3_600_000);
    expect([a.isHeld(), b.isHeld()]).toEqual([true, false]);
  });

  it('refuses renewals that are too rare to keep it', () => {
    const { leaseStore } = sharedStore();
    expect(() => holdLease(leaseStore, { durationMs: 1000, renewEveryMs: 500 })).toThrow('renewEveryMs');
  });
});

describe('the file of a lease', () => {
  async function folderOf(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'lease-'));
    onTestFinished(async () => rm(folder, { recursive: true }));
    return folder;
  }
  const record = (holder: string, renewals = 0): LeaseRecord => ({
    holder,
    term: 1,
    renewals,
    durationMs: 1,
  });

  it('lets one of many who have read the same write', async () => {
    const folder = await folderOf();
    for (let round = 0; round < 20; round++) {
      const version = (await fileLeaseStore(folder).read(never))?.version;
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, async (_, index) =>
          fileLeaseStore(folder).write(record(String(index)), version, never),
        ),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      const winner = outcomes.indexOf(true);
      expect((await fileLeaseStore(folder).read(never))?.record.holder).toBe(String(winner));
    }
    expect((await readdir(folder)).length).toBeLessThan(3);
  });

  it('refuses who slept over several versions, although their files are gone', async () => {
    const store = fileLeaseStore(await folderOf());
    await store.write(record('a'), undefined, never);
    const sleeper = (await store.read(never))?.version;
    for (let renewals = 1; renewals < 4; renewals++) {
      await store.write(record('b', renewals), (await store.read(never))?.version, never);
    }
    expect(await store.write(record('sleeper'), sleeper, never)).toBe(false);
    expect((await store.read(never))?.record).toEqual(record('b', 3));
  });
});
