import type { InstantQuery, Logger, Sample } from '@tidewatch/core';
import { manualClock, type ManualClock } from '@tidewatch/core/testing';
import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadAutoscalerConfig } from '../src/config/load-autoscaler-config.ts';
import {
  createAutoscaler,
  type Autoscaler,
  type AutoscalerOptions,
} from '../src/control/create-autoscaler.ts';
import { memoryStateStore } from '../src/memory/memory-state-store.ts';
import type { StateStore } from '../src/memory/state-store.ts';
import type { ReplicaState, ScaleTarget } from '../src/targets/scale-target.ts';

const MINUTE_MS = 60_000;
const PEAK = 6;
const startMs = Date.UTC(2026, 0, 5, 12);

const config = loadAutoscalerConfig(`
metrics:
  - { name: qps, query: qps, scale_up_threshold: 100, scale_down_threshold: 30, per: replica }
  - { name: gpu, query: gpu, scale_up_threshold: 0.8, scale_down_threshold: 0.3, per: total }
scaling: { min_replicas: 1, max_replicas: 20, cooldown: 300 }
`);

/** The world at the daily peak, and what a row does to it. */
interface World {
  readonly clock: ManualClock;
  readonly target: ScaleTarget;
  readonly replicas: { -readonly [key in keyof ReplicaState]: ReplicaState[key] };
  readonly load: { qps: number; gpu: number };
  /** Answers in the place of the metrics; `undefined`: as they are. */
  answer: ((expr: string, atMs: number) => Promise<readonly Sample[]>) | undefined;
  /** What `scaleTo` does; by default it does it at once. */
  scale: (to: number) => Promise<void>;
  readonly calls: number[];
  readonly log: string[];
  autoscaler: Autoscaler;
  /** Another process takes over from this one. */
  restart(): Promise<void>;
}

const sampleOf = (value: number, timeMs: number): Sample => ({ labels: {}, timeMs, value });

/** An autoscaler that has held the peak for a while: 6 replicas with 80 QPS each. */
async function atPeak(
  stateStore: StateStore = memoryStateStore(),
  more: Partial<AutoscalerOptions> = {},
): Promise<World> {
  const clock = manualClock(startMs);
  const replicas = { desired: PEAK, ready: PEAK, starting: 0, draining: 0 };
  const load = { qps: 480, gpu: 0.6 };
  const calls: number[] = [];
  const log: string[] = [];
  const world: Omit<World, 'autoscaler' | 'restart'> = {
    clock,
    replicas,
    load,
    answer: undefined,
    calls,
    log,
    scale: async (to) => {
      Object.assign(replicas, { desired: to, ready: to });
    },
    target: {
      observe: async () => ({ ...replicas }),
      async scaleTo(to) {
        calls.push(to);
        await world.scale(to);
      },
    },
  };
  const query: InstantQuery = async (expr, atMs) =>
    (await world.answer?.(expr, atMs)) ?? [sampleOf(expr === 'qps' ? load.qps : load.gpu, atMs)];
  const keep = (_: object, message: string): void => {
    log.push(message);
  };
  const logger: Logger = { debug: () => {}, info: keep, warn: keep, error: keep };
  const create = (): Autoscaler => {
    const autoscaler = createAutoscaler({
      config,
      target: world.target,
      query,
      clock,
      logger,
      stateStore,
      readTimeoutMs: 20,
      ...more,
    });
    onTestFinished(() => autoscaler.close());
    return autoscaler;
  };
  const full: World = Object.assign(world, {
    autoscaler: create(),
    async restart() {
      await full.autoscaler.close();
      full.autoscaler = create();
    },
  });
  await passing(full, 10);
  return full;
}

/** Lets minutes pass, with a tick in each quarter. */
async function passing({ clock, autoscaler }: World, minutes: number): Promise<void> {
  for (let quarter = 0; quarter < minutes * 4; quarter++) {
    await clock.advance(15_000);
    await autoscaler.tick();
  }
}

function reason({ autoscaler }: World): string | undefined {
  return autoscaler.decisions().at(-1)?.reason;
}

/** What the metrics answer during the outage: each of them is wrong in its own way. */
const outages = {
  'empty result': async () => [],
  'NaN or infinity': async (expr, atMs) => [sampleOf(expr === 'qps' ? Number.NaN : Infinity, atMs)],
  error: async () => Promise.reject(new Error('connection refused')),
  'stale sample': async (_, atMs) => [sampleOf(0, atMs - 2 * MINUTE_MS)],
  'several series': async (_, atMs) => [sampleOf(0, atMs), sampleOf(0, atMs)],
  'partial metrics': async (expr, atMs) => (expr === 'qps' ? [sampleOf(0, atMs)] : []),
  'partial response': async (_, atMs) =>
    Object.assign([sampleOf(0, atMs)], { warnings: ['store eu-2 did not answer'] }),
} as const satisfies Record<string, NonNullable<World['answer']>>;

describe('an outage of the metrics for 30 minutes at the peak loses no replica', () => {
  it.for(Object.entries(outages))('%s', async ([, answer]) => {
    const world = await atPeak();
    world.answer = answer;
    await passing(world, 30);
    expect([world.calls, world.replicas.desired, reason(world)]).toEqual([[], PEAK, 'metric-unknown']);
    // Back again, with less to do: only now it goes down.
    world.answer = undefined;
    Object.assign(world.load, { qps: 60, gpu: 0.1 });
    await passing(world, 1);
    expect(world.replicas.desired).toBe(PEAK - 1);
  });

  it('timeout', async () => {
    const world = await atPeak();
    world.answer = () => new Promise(() => {});
    await passing(world, 1); // each takes its 20 ms of real time
    expect([world.calls, reason(world)]).toEqual([[], 'metric-unknown']);
    expect(world.autoscaler.decisions().at(-1)?.inputs[0]).toMatchObject({ verdict: 'failed' });
  });

  it.for(['partial metrics', 'partial response', 'empty result'] as const)(
    '%s: what is known still adds',
    async (name) => {
      const world = await atPeak();
      const warned = name === 'partial response' ? { warnings: ['incomplete'] } : {};
      world.answer = async (expr, atMs) =>
        expr === 'gpu' && name !== 'partial response'
          ? outages[name](expr, atMs)
          : Object.assign([sampleOf(700, atMs)], warned);
      await passing(world, 1);
      expect(world.calls[0]).toBe(PEAK + 2);
    },
  );

  it('a sample from the future is as unknown as an old one', async () => {
    const world = await atPeak();
    world.answer = async (_, atMs) => [sampleOf(0, atMs + 2 * MINUTE_MS)];
    await passing(world, 5);
    expect([world.calls, reason(world)]).toEqual([[], 'metric-unknown']);
  });
});

describe('a restart', () => {
  const idle = { qps: 6, gpu: 0.1 };

  it('restart with a state', async () => {
    const world = await atPeak();
    world.load.qps = 700;
    await passing(world, 1);
    Object.assign(world.load, idle);
    await passing(world, 2);
    await world.restart();
    await passing(world, 1);
    expect([world.replicas.desired, reason(world)]).toEqual([PEAK + 2, 'cooldown']);
    expect(world.log.filter((line) => line.includes('outside'))).toEqual([]); // our own step is known as ours
    // Five minutes after the step up, and not after the restart.
    await passing(world, 2);
    expect(world.replicas.desired).toBe(PEAK + 1);
  });

  it('restart without one', async () => {
    const world = await atPeak({ ...memoryStateStore(), load: async () => undefined });
    Object.assign(world.load, { qps: 300 });
    await world.restart();
    Object.assign(world.load, idle);
    await passing(world, 5);
    expect([world.calls, reason(world)]).toEqual([[], 'cooldown']);
    await passing(world, 1);
    expect(world.calls).toEqual([PEAK - 1]);
  });

  it('damaged state', async () => {
    const stateStore = { ...memoryStateStore(), load: async () => '{"version":1,"savedAt' };
    const world = await atPeak(stateStore);
    expect(world.log[0]).toContain('The saved state cannot be read');
    expect(world.calls).toEqual([]);
  });

  it('a state store that hangs or fails stops no decision', async () => {
    const hanging = { load: () => new Promise<never>(() => {}), save: () => new Promise<never>(() => {}) };
    const failing = { load: async () => undefined, save: async () => Promise.reject(new Error('disk full')) };
    for (const stateStore of [hanging, failing]) {
      const world = await atPeak(stateStore, { readTimeoutMs: 2 });
      world.load.qps = 700;
      await passing(world, 1);
      expect(world.calls).toEqual([PEAK + 2]);
      expect(world.log).toContain('the state could not be saved');
    }
  });

  it('keeps failed attempts: a crash loop is not tried at once again', async () => {
    const stateStore = memoryStateStore();
    const before = await atPeak(stateStore);
    Object.assign(before.replicas, { desired: 8, ready: 6, starting: 2, crashLooping: 2 });
    await before.autoscaler.tick();
    const text = (await stateStore.load()) ?? '';
    expect(JSON.parse(text)).toMatchObject({ health: { state: 'failing', failures: 1 } });
  });
});

describe('the clock', () => {
  async function jumped(byMs: number): Promise<World> {
    const world = await atPeak();
    world.load.qps = 700;
    await passing(world, 1); // up to 8, which begins a cooldown of five minutes
    Object.assign(world.load, { qps: 6, gpu: 0.1 });
    await passing(world, 1);
    expect(reason(world)).toBe('cooldown');
    world.clock.jumpTo(world.clock.now() + byMs);
    await world.autoscaler.tick();
    expect(world.autoscaler.decisions().at(-1)?.holds).toEqual(['cooldown', 'clock-stepped']);
    await passing(world, 2);
    expect([world.replicas.desired, reason(world)]).toEqual([PEAK + 2, 'cooldown']);
    await passing(world, 2);
    expect(world.replicas.desired).toBe(PEAK + 1);
    return world;
  }

  it('clock set forward', async () => {
    const world = await jumped(60 * MINUTE_MS);
    expect(world.log).toContain('[Autoscaler] The system clock was set by 3600 s');
  });
  it('clock set back', async () => {
    const world = await jumped(-60 * MINUTE_MS);
    expect(world.log).toContain('[Autoscaler] The system clock was set by -3600 s');
  });

  it.for([60, -60])('takes no step in the round after a jump of %i minutes', async (minutes) => {
    const world = await atPeak();
    Object.assign(world.load, { qps: 6, gpu: 0.1 });
    world.clock.jumpTo(world.clock.now() + minutes * MINUTE_MS);
    await world.autoscaler.tick();
    expect([world.calls, reason(world)]).toEqual([[], 'clock-stepped']);
  });

  it('is not called stepped for what NTP does every day', async () => {
    const world = await atPeak();
    world.clock.jumpTo(world.clock.now() + 2_000);
    await world.autoscaler.tick();
    expect(reason(world)).toBe('within-thresholds');
  });
});

describe('the target', () => {
  it('target not observable', async () => {
    const world = await atPeak();
    world.target.observe = async () => Promise.reject(new Error('no answer'));
    Object.assign(world.load, { qps: 6, gpu: 0.1 });
    await passing(world, 30);
    expect(world.calls).toEqual([]);
    expect(world.autoscaler.status().lastError).toMatchObject({ stage: 'observe', message: 'no answer' });
  });

  it('target that lies', async () => {
    const world = await atPeak();
    world.load.qps = 700;
    world.scale = async () => {}; // says that it is done
    await passing(world, 1);
    expect(world.calls).toEqual([8, 8, 8, 8]);
    expect(world.autoscaler.status().lastError).toMatchObject({
      stage: 'scale',
      message: 'the target says that it is done, and reports 6 wanted replicas',
    });
    expect(world.log.some((line) => line.includes('complete'))).toBe(false);
  });

  it('manual change', async () => {
    const world = await atPeak();
    Object.assign(world.load, { qps: 150, gpu: 0.1 });
    world.replicas.desired = world.replicas.ready = 9;
    await passing(world, 4);
    expect([world.calls, reason(world)]).toEqual([[], 'cooldown']);
    expect(world.log).toContain('[Autoscaler] Replicas changed from outside: 6 → 9, taken as they are');
    // Lowered by hand, below what the load needs: that is not left to the cooldown.
    world.replicas.desired = world.replicas.ready = 1;
    await passing(world, 1);
    expect(world.calls).toEqual([3]);
  });

  it('replica never ready', async () => {
    const world = await atPeak();
    world.load.qps = 700;
    world.scale = async (to) => {
      Object.assign(world.replicas, { desired: to, ready: PEAK, starting: to - PEAK });
      await new Promise(() => {});
    };
    world.autoscaler.start();
    await world.clock.advance(14 * MINUTE_MS);
    expect([world.calls, reason(world)]).toEqual([[8], 'replicas-starting']); // 700 / 8 is enough, once they serve
    world.load.qps = 2000;
    await world.clock.advance(MINUTE_MS);
    const asked = world.calls.length;
    await world.clock.advance(20 * MINUTE_MS);
    // Every tick would have been 80 attempts and the maximum.
    expect(world.calls.length - asked).toBeLessThan(5);
    // Nothing to do any more: what does not start still forbids a step down.
    Object.assign(world.load, { qps: 6, gpu: 0.1 });
    const least = world.replicas.desired;
    await world.clock.advance(30 * MINUTE_MS);
    expect(world.replicas.desired).toBe(least);
  });

  it('crash loop', async () => {
    const world = await atPeak();
    world.scale = async (to) => {
      Object.assign(world.replicas, {
        desired: to,
        ready: PEAK,
        starting: to - PEAK,
        crashLooping: to - PEAK,
      });
      throw new Error('replicas crash before they are ready');
    };
    world.load.qps = 2000;
    await passing(world, 30);
    // After 1, 3, 7 and 15 minutes: four more attempts in half an hour, where each tick would have been 120.
    expect(world.calls.length).toBeLessThanOrEqual(6);
    expect(world.replicas.desired).toBeLessThan(20);
    expect(reason(world)).toBe('replicas-failing');
    Object.assign(world.replicas, { ready: world.replicas.desired, starting: 0, crashLooping: 0 });
    world.scale = async (to) => {
      Object.assign(world.replicas, { desired: to, ready: to });
    };
    await passing(world, 31);
    expect(world.replicas.desired).toBe(20); // mended: it goes on
  });

  it('rolling update', async () => {
    const world = await atPeak();
    Object.assign(world.load, { qps: 6, gpu: 0.1 });
    Object.assign(world.replicas, { updating: true });
    await passing(world, 30);
    expect([world.calls, reason(world)]).toEqual([[], 'rollout']);
    Object.assign(world.replicas, { updating: false });
    await passing(world, 1);
    expect(world.calls).toEqual([PEAK - 1]);
  });

  it('step that never ends', async () => {
    const world = await atPeak();
    world.scale = () => new Promise(() => {});
    world.load.qps = 700;
    world.autoscaler.start();
    await world.clock.advance(MINUTE_MS);
    expect(world.calls.length).toBeGreaterThan(1); // asked again: the target still reports the old count
    expect(world.autoscaler.status().scalingTo).toBe(8);
  });
});

it('another controller', async () => {
  const isHeld = { now: true };
  const lease = {
    identity: 'a',
    isHeld: () => isHeld.now,
    term: () => (isHeld.now ? 1 : undefined),
    lost: () => (isHeld.now ? new AbortController().signal : AbortSignal.abort()),
    settled: async () => isHeld.now,
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  const world = await atPeak(memoryStateStore(), { lease });
  isHeld.now = false;
  world.load.qps = 2000;
  await passing(world, 5);
  expect([world.calls, reason(world)]).toEqual([[], 'not-leader']);
  expect(world.autoscaler.decisions().at(-1)?.otherwise).toEqual([{ without: 'not-leader', to: 8 }]);
  isHeld.now = true;
  await passing(world, 1);
  expect(world.calls[0]).toBe(8);
});

it('each row of the table in the docs is a test of this name', async () => {
  const page = await readFile(new URL('../../../docs/when-things-fail.md', import.meta.url), 'utf8');
  const tests = await readFile(new URL(import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| ([a-zN][^|]*?)\s+\|/gm)].map(([, name = '']) => name).slice(1);
  expect(rows).toHaveLength(21);
  expect(rows.filter((name) => !(name in outages) && !tests.includes(`it('${name}'`))).toEqual([]);
});
