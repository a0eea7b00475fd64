import type { ServerResponse } from 'node:http';
import { manualClock, type ManualClock } from '@tidewatch/core/testing';
import { expect, it, vi } from 'vitest';
import { imageAt, pixelCount, type ImageSet } from '../src/images/image-set.ts';
import { seededRandom } from '../src/random/seeded-random.ts';
import { lateLabels } from '../src/traffic/late-labels.ts';
import { scheduleThrough } from '../src/traffic/schedule.ts';
import { failures, type FailureReason } from '../src/traffic/traffic-counts.ts';
import { startTraffic, type Traffic, type TrafficOptions } from '../src/traffic/traffic.ts';
import { digitsService, type Answer } from './digits-service.ts';

/** Ten images, each of one grey, so that a receiver can tell which it was: 10, 20, … 100. */
const images: ImageSet = {
  count: 10,
  pixels: Uint8Array.from({ length: 10 * pixelCount }, (_, i) => 10 * (1 + Math.floor(i / pixelCount))),
  labels: Uint8Array.from({ length: 10 }, (_, label) => label),
};

const fiftyPerSecond = scheduleThrough([
  { atMs: 0, rps: 50 },
  { atMs: 1000, rps: 50 },
]);

function traffic(url: string, clock: ManualClock, options: Partial<TrafficOptions> = {}): Traffic {
  return startTraffic({ url, images, schedule: fiftyPerSecond, random: seededRandom(1), clock, ...options });
}

/** Waits for real sockets, not for time: the clock stands still. */
const answered = (running: Traffic): Promise<void> =>
  vi.waitFor(() => expect(running.counts().inFlight).toBe(0), { interval: 2, timeout: 20_000 });

it('sends real images at the pace of the schedule, each over a connection of its own', async () => {
  await using service = await digitsService();
  const clock = manualClock();
  await using running = traffic(service.url, clock, { labelShare: 0 });
  await clock.advance(2000);
  await answered(running);

  const { sent, ok } = running.counts();
  expect(Math.abs(sent - 100)).toBeLessThan(4 * Math.sqrt(100));
  expect(ok).toBe(sent);
  expect(service.connections).toBe(sent);
  expect(new Set(service.images.map(({ id }) => id)).size).toBe(sent);
  const known = new Set(Array.from({ length: 10 }, (_, index) => toText(imageAt(images, index))));
  const foreign = service.images.filter(({ pixels }) => !known.has(toText(pixels)));
  expect(foreign).toEqual([]);
});

it('knows which answers were right', async () => {
  const answerByGrey: Answer = ({ pixels }, response) => {
    // Right for all but the nine.
    response.end(JSON.stringify({ label: Math.min(8, pixels[0]! / 10 - 1) }));
  };
  await using service = await digitsService(answerByGrey);
  const clock = manualClock();
  await using running = traffic(service.url, clock, { labelShare: 0 });
  await clock.advance(2000);
  await answered(running);

  const { clean, ok } = running.counts();
  const nines = service.images.filter(({ pixels }) => pixels[0] === 100).length;
  expect(nines).toBeGreaterThan(0);
  expect(clean).toEqual({ right: ok - nines, wrong: nines });
});

it('does not wait for a slow service, and counts what is beyond its limit as shed', async () => {
  const held: ServerResponse[] = [];
  await using service = await digitsService((_request, response) => held.push(response));
  const clock = manualClock();
  await using running = traffic(service.url, clock, { maxInFlight: 20, labelShare: 0 });
  await clock.advance(2000);
  await vi.waitFor(() => expect(held).toHaveLength(20), { interval: 2, timeout: 20_000 });

  const { sent, inFlight, shed } = running.counts();
  expect({ sent, inFlight }).toEqual({ sent: 20, inFlight: 20 });
  expect(Math.abs(sent + shed - 100)).toBeLessThan(40);
  for (const response of held) response.end('{"label":0}');
  await answered(running);
  expect(running.counts().ok).toBe(20);
});

it.for([
  // the service, the reason, how it misbehaves
  ['has no such page', 'rejected', (r) => void r.writeHead(404).end()],
  ['sends the client elsewhere', 'rejected', (r) => void r.writeHead(302).end()],
  ['is overloaded', 'server-error', (r) => void r.writeHead(503).end()],
  ['breaks the connection', 'reset', (r) => void r.destroy()],
  ['breaks off in the middle', 'reset', (r) => void (r.write('{"lab'), setImmediate(() => r.destroy()))],
  ['says nothing', 'timeout', () => {}],
  ['does not speak JSON', 'bad-answer', (r) => void r.end('<html>')],
  ['answers without a label', 'bad-answer', (r) => void r.end('{"digit":7}')],
  ['answers null', 'bad-answer', (r) => void r.end('null')],
] as const satisfies [string, FailureReason, (response: ServerResponse) => void][])(
  'counts a failure when the service %s (%s)',
  async ([, reason, misbehave]) => {
    await using service = await digitsService((_request, response) => misbehave(response));
    const clock = manualClock();
    await using running = traffic(service.url, clock, {
      // Real time: only the service that says nothing is not waited for.
      timeoutMs: reason === 'timeout' ? 40 : 20_000,
    });
    await clock.advance(200);
    await answered(running);
    const counts = running.counts();
    expect(counts.sent).toBeGreaterThan(0);
    expect(counts.failed).toEqual({ ...counts.failed, [reason]: counts.sent });
    expect(failures(counts)).toBe(counts.sent);
    expect(counts).toMatchObject({ ok: 0, labelsWaiting: 0 });
  },
);

it('counts a failure when nobody listens', async () => {
  const { url } = await closedService();
  const clock = manualClock();
  await using running = traffic(url, clock);
  await clock.advance(200);
  await answered(running);
  expect(running.counts().failed.refused).toBe(running.counts().sent);
  expect(running.counts().sent).toBeGreaterThan(0);
});

it('sends true labels late, in batches, for the answered requests', async () => {
  await using service = await digitsService();
  const clock = manualClock();
  await using running = traffic(service.url, clock, { labelShare: 1, labelDelayMs: 1000, labelBatchMs: 100 });
  await clock.advance(500);
  await answered(running);
  const { ok } = running.counts();

  await clock.advance(490);
  expect(service.labels).toEqual([]);
  expect(running.counts().labelsSent).toBe(0);
  await vi.waitFor(
    async () => {
      await clock.advance(100);
      expect(running.counts().labelsSent).toBeGreaterThanOrEqual(ok);
    },
    { interval: 2, timeout: 20_000 },
  );

  const greyOf = new Map(service.images.map(({ id, pixels }) => [id, pixels[0]!]));
  const labels = service.labels.flat();
  expect(labels.length).toBe(running.counts().labelsSent);
  expect(new Set(labels.map(({ id }) => id)).size).toBe(labels.length);
  expect(labels.filter(({ id, actual }) => greyOf.get(id) !== 10 * (Number(actual) + 1))).toEqual([]);
});

it.for([0, 0.3, 1])('labels a share of %f', async (labelShare) => {
  await using service = await digitsService();
  const clock = manualClock();
  await using running = traffic(service.url, clock, { labelShare, labelDelayMs: 1e6 });
  await clock.advance(4000);
  await answered(running);
  const { ok, labelsWaiting } = running.counts();
  const deviation = Math.sqrt(ok * labelShare * (1 - labelShare));
  expect(Math.abs(labelsWaiting - ok * labelShare)).toBeLessThanOrEqual(4 * deviation);
});

it('looks through the dirty lens in times of trouble only', async () => {
  await using service = await digitsService();
  const clock = manualClock();
  const lens = (pixels: Uint8Array): Uint8Array => pixels.map((ink) => ink + 1);
  await using running = traffic(service.url, clock, { trouble: { fromMs: 1000, untilMs: 2000, lens } });
  const seenBy = async (advanceMs: number): Promise<number[]> => {
    const before = service.images.length;
    await clock.advance(advanceMs);
    await answered(running);
    return [...new Set(service.images.slice(before).map(({ pixels }) => pixels[0]! % 10))];
  };
  expect(await seenBy(1000)).toEqual([0]);
  expect(await seenBy(1000)).toEqual([1]);
  expect(await seenBy(1000)).toEqual([0]);
  const { clean, dirty, ok } = running.counts();
  expect(dirty.right + dirty.wrong).toBeGreaterThan(20);
  expect(clean.right + clean.wrong + dirty.right + dirty.wrong).toBe(ok);
});

it('sends the same images at the same times for the same seed', async () => {
  const run = async (): Promise<string[]> => {
    await using service = await digitsService();
    const clock = manualClock();
    await using running = traffic(service.url, clock);
    await clock.advance(1000);
    await answered(running);
    return service.images.map(({ id, pixels }) => `${id}: ${pixels[0]}`).toSorted();
  };
  expect(await run()).toEqual(await run());
});

it('stops sending, waits for what is open, and stops only once', async () => {
  const held: ServerResponse[] = [];
  await using service = await digitsService((_request, response) => held.push(response));
  const clock = manualClock();
  const running = traffic(service.url, clock);
  await clock.advance(500);
  const { sent } = running.counts();
  await vi.waitFor(() => expect(held).toHaveLength(sent), { interval: 2, timeout: 20_000 });

  const stopped = running.stop();
  await clock.advance(1000);
  for (const response of held) response.end('{"label":0}');
  expect(await stopped).toMatchObject({ sent, ok: sent, inFlight: 0 });
  expect(await running.stop()).toEqual(await stopped);
});

it('cuts off what is still open at the deadline', async () => {
  await using service = await digitsService(() => {});
  const clock = manualClock();
  const running = traffic(service.url, clock);
  await clock.advance(500);
  const { sent } = running.counts();
  const stopped = running.stop(3000);
  await clock.advance(3000);
  const counts = await stopped;
  expect(counts).toMatchObject({ sent, ok: 0, inFlight: 0 });
  expect(counts.failed['cut-off']).toBe(sent);
});

it.for([
  ['a url without a scheme', { url: 'localhost:8080' }, /url is "localhost:8080", expected one like http:/],
  ['https', { url: 'https://127.0.0.1' }, /url is "https:/],
  ['no images', { images: { ...images, count: 0 } }, /images is empty/],
  ['a share in percent', { labelShare: 50 }, /labelShare is 50, expected a share from 0 to 1/],
] as const)('refuses %s', ([, options, message]) => {
  expect(() => traffic('http://127.0.0.1', manualClock(), options)).toThrow(message);
});

it('keeps no more labels waiting than there is room for', () => {
  const labels = lateLabels(2);
  const added = ['a', 'b', 'c'].map((id, index) => labels.add({ id, actual: '1' }, 10 * index));
  expect(added).toEqual([true, true, false]);
  expect(labels.takeDue(9, 10).map(({ id }) => id)).toEqual(['a']);
  expect(labels.takeDue(9, 10)).toEqual([]);
  expect(labels.add({ id: 'd', actual: '1' }, 20)).toBe(true);
  expect(labels.takeDue(100, 1).map(({ id }) => id)).toEqual(['b']);
  expect(labels.waiting).toBe(1);
});

function toText(pixels: Uint8Array): string {
  return Buffer.from(pixels).toString('latin1');
}

/** A port on which nobody listens any more. */
async function closedService(): Promise<{ url: string }> {
  await using service = await digitsService();
  return { url: service.url };
}
