import { cpSync, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Vector } from '@tidewatch/core';
import { manualClock, type ManualClock } from '@tidewatch/core/testing';
import { onTestFinished } from 'vitest';
import { createAlerting, loadRules, type Alerting, type AlertingOptions } from '../../src/index.ts';
import type { Channel, Notification } from '../../src/index.ts';
import { collector, type Collector } from '../../src/testing/index.ts';

export const MINUTE: number = 60_000;
export const HOUR: number = 60 * MINUTE;
export const START: number = Date.UTC(2026, 10, 23, 12);

/** One rule that fires for each name in `firing`; `rule` adds lines to it. */
export function rulesWith(rule = '', expr = 'broken > 0'): ReturnType<typeof loadRules> {
  return loadRules(`groups:
  - name: g
    interval: 1m
    rules:
      - alert: Broken
        expr: ${expr}
        labels: { severity: "{{ $labels.severity }}" }
        annotations: { summary: "value {{ $value }}" }
        ${rule}
`);
}

/** What the rules see. */
export interface World {
  /** Value of each series for which the condition holds. */
  readonly firing: Map<string, number>;
  /** Value of each series that is measured, and for which it does not hold. */
  readonly quiet: Map<string, number>;
  /** While set, every query fails with this text. */
  failure?: string;
}

export interface Rig {
  readonly alerting: Alerting;
  readonly clock: Rigged;
  readonly world: World;
  /** What the channel has accepted. */
  readonly channel: Collector;
  readonly folder: string;
  /** Lets time pass, then evaluates once and sends what is due. */
  readonly after: (ms: number) => Promise<void>;
  /** What was told, such as `a firing`. */
  readonly told: () => string[];
}

/** A clock that the test moves. */
type Rigged = Pick<ManualClock, 'now' | 'sleep' | 'advance'>;

/** Alerting over one rule and one channel; any part can be replaced. */
export async function rig(
  parts: Partial<AlertingOptions> & { world?: World; at?: number; folder?: string } = {},
): Promise<Rig> {
  const {
    world = { firing: new Map(), quiet: new Map() },
    at = START,
    folder = await newFolder(),
    ...rest
  } = parts;
  const clock = (parts.clock as Rigged | undefined) ?? manualClock(at);
  const channel = collector();
  const alerting = await createAlerting({
    rules: rulesWith(),
    query: queryOf(world),
    clock,
    route: { receiver: 'team', groupBy: ['pod'], groupWaitMs: 0, groupIntervalMs: MINUTE },
    receivers: { team: [channel] },
    timeZone: 'Asia/Shanghai',
    random: () => 0.5,
    ...rest,
  });
  onTestFinished(() => alerting.close());
  return {
    alerting,
    clock,
    world,
    channel,
    folder,
    async after(ms) {
      await clock.advance(ms);
      await alerting.evaluate(clock.now());
    },
    told: () => channel.notifications.flatMap(toldIn),
  };
}

export function toldIn({ alerts }: Notification): string[] {
  return alerts.map(({ labels, status }) => `${labels['pod'] ?? labels['alertname']} ${status}`);
}

/** Answers `broken > 0` with what fires, and `broken` with all that is measured. */
export function queryOf(world: World): AlertingOptions['query'] {
  return async (expr: string, timeMs: number): Promise<Vector> => {
    if (world.failure !== undefined) throw new Error(world.failure);
    const all = expr === 'broken' ? [...world.quiet, ...world.firing] : [...world.firing];
    return all.map(([name, value]) => {
      const [pod = '', severity = 'warning'] = name.split('/');
      return { labels: { __name__: 'broken', pod, severity }, timeMs, value };
    });
  };
}

/** In memory where the system has such a place: what is tested is the order of things, not the speed of the disk. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tidewatch-alerts-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The folder as a process that is killed now leaves it. */
export function crash(folder: string): string {
  const copy = `${folder}-${Math.random().toString(36).slice(2)}`;
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.endsWith('claim') });
  onTestFinished(() => rm(copy, { recursive: true, force: true }));
  return copy;
}

/** A clock that can be set while others sleep, as the clock of a machine. */
export function machineClock(
  startMs: number,
): Clock & { set(byMs: number): void; advance(ms: number): Promise<void> } {
  const timers = manualClock(startMs);
  let offsetMs = 0;
  return {
    now: () => timers.now() + offsetMs,
    monotonic: () => timers.now(),
    sleep: (ms, signal) => timers.sleep(ms, signal),
    set: (byMs) => void (offsetMs += byMs),
    advance: (ms) => timers.advance(ms),
  };
}

/** A channel that answers what the test says, with the times of all attempts. */
export function scripted(
  name: string,
  clock: Clock,
  answer: (attempt: number, notification: Notification) => Awaited<ReturnType<Channel['send']>>,
  limit?: Channel['limit'],
): Channel & { readonly attempts: { readonly atMs: number; readonly notification: Notification }[] } {
  const attempts: { atMs: number; notification: Notification }[] = [];
  return {
    name,
    ...(limit === undefined ? {} : { limit }),
    attempts,
    async send(notification) {
      attempts.push({ atMs: clock.now(), notification });
      return answer(attempts.length, notification);
    },
  };
}
