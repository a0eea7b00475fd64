// The traffic as a process of its own, so that its work is not on the account of the service. It is started
// by traffic-process.ts, talks over the IPC channel, and ends with it.
import { loadImages } from '../images/load-images.ts';
import { splitImages } from '../images/split-images.ts';
import { dirtyLens } from '../lens/dirty-lens.ts';
import { seededRandom } from '../random/seeded-random.ts';
import { compressedDay } from './compressed-day.ts';
import { steadyClock } from './steady-clock.ts';
import { startTraffic } from './traffic.ts';
import type { TrafficCommand, TrafficConfig, TrafficProgress, TrafficReport } from './traffic-messages.ts';

const report = (message: TrafficReport): void => {
  // The callback takes the error of a channel that has just closed: 'disconnect' then ends the process.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

let stop: (deadlineMs: number) => Promise<void> = async () => {};

process.on('message', (command: TrafficCommand) => {
  const done = command.type === 'start' ? start(command.config) : stop(command.deadlineMs);
  done.catch((error: unknown) => {
    report({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    process.disconnect?.();
  });
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; the parent stops the traffic in its own order.
process.on('SIGINT', () => {});

async function start(config: TrafficConfig): Promise<void> {
  const { seed = 1, splitSeed = 1, day, trouble, progressMs = 1_000, ...rest } = config;
  const random = seededRandom(seed);
  const schedule = compressedDay(day);
  const { test: images } = splitImages(await loadImages(), { seed: splitSeed });
  const lens = (pixels: Uint8Array): Uint8Array =>
    dirtyLens(pixels, { strength: trouble?.strength ?? 0, random });
  const traffic = startTraffic({
    ...rest,
    images,
    schedule,
    random,
    ...(trouble !== undefined && { trouble: { ...trouble, lens } }),
  });
  const startMs = steadyClock.now();
  const startCpu = process.cpuUsage();
  const progress = (): TrafficProgress => {
    const elapsedMs = steadyClock.now() - startMs;
    const { user, system } = process.cpuUsage(startCpu);
    const cpuSeconds = (user + system) / 1e6;
    return { elapsedMs, scheduledRps: schedule.rateAt(elapsedMs), cpuSeconds, counts: traffic.counts() };
  };
  const reporting = new AbortController();
  stop = async (deadlineMs) => {
    reporting.abort();
    await traffic.stop(deadlineMs);
    report({ type: 'done', progress: progress() });
    process.disconnect?.();
  };
  report({ type: 'started' });
  while (!reporting.signal.aborted) {
    await steadyClock.sleep(progressMs, reporting.signal).catch(() => {});
    if (!reporting.signal.aborted) report({ type: 'progress', progress: progress() });
  }
}
