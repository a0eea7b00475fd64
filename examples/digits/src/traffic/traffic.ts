import type { Clock } from '@tidewatch/core';
import { digitClasses, type ImageSet } from '../images/image-set.ts';
import type { Random } from '../random/seeded-random.ts';
import { lateLabels } from './late-labels.ts';
import { nextArrivalMs } from './next-arrival.ts';
import { postJson, type PostOutcome } from './post-json.ts';
import { requestBodies, type Lens } from './request-bodies.ts';
import type { Schedule } from './schedule.ts';
import { steadyClock } from './steady-clock.ts';
import { noTraffic, type FailureReason, type TrafficCounts } from './traffic-counts.ts';

/** A time in which all images go through a dirty lens. */
interface Trouble {
  /** Milliseconds after the start. */
  readonly fromMs: number;
  /** Milliseconds after the start; absent: until the end. */
  readonly untilMs?: number;
  readonly lens: Lens;
}

export interface TrafficOptions {
  /** Base of `POST /classify` and `POST /labels`, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly images: ImageSet;
  readonly schedule: Schedule;
  readonly trouble?: Trouble;
  /** Share of the answered requests whose true label follows, 0 to 1. @defaultValue 0.5 */
  readonly labelShare?: number;
  /** From an answer to its true label. @defaultValue 5_000 */
  readonly labelDelayMs?: number;
  /** Pause between two batches of labels. @defaultValue 500 */
  readonly labelBatchMs?: number;
  /** Requests that may be open at a time; what is due beyond is shed and counted. @defaultValue 256 */
  readonly maxInFlight?: number;
  /** Longest silence of the service before a request counts as failed. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** Begins every request id; tells two runs against one service apart. @defaultValue `r` */
  readonly idPrefix?: string;
  readonly random: Random;
  readonly clock?: Clock;
}

/** Traffic that runs until it is stopped. */
export interface Traffic extends AsyncDisposable {
  /** A copy of the counts as they stand. */
  counts(): TrafficCounts;
  /**
   * Sends nothing more, waits for open requests and returns the final counts. Labels that are not due are
   * left waiting. Safe to call twice.
   *
   * @param deadlineMs - What is open after that is cut off. @defaultValue 5_000
   */
  stop(deadlineMs?: number): Promise<TrafficCounts>;
}

const mostWaitingLabels = 100_000;
const mostLabelsInBatch = 500;

/**
 * Sends real images to a classifier over HTTP as many independent users would.
 *
 * Open loop: requests leave when the schedule says, not when the service is ready, so that a slow service
 * meets a queue. True labels follow late, in batches, for a part of the answers.
 *
 * @throws Error when an option cannot be used.
 */
export function startTraffic(options: TrafficOptions): Traffic {
  const { images, schedule, trouble, random, clock = steadyClock, idPrefix = 'r' } = options;
  const { labelShare = 0.5, labelDelayMs = 5_000, labelBatchMs = 500 } = options;
  const { maxInFlight = 256, timeoutMs = 10_000 } = options;
  const { classifyUrl, labelsUrl } = checked(options);

  const counts = noTraffic();
  const bodyFor = requestBodies(images, trouble?.lens);
  const labels = lateLabels(mostWaitingLabels);
  const open = new Set<Promise<void>>();
  const stopping = new AbortController();
  const cutting = new AbortController();
  const startMs = clock.now();
  let stopped: Promise<TrafficCounts> | undefined;
  const running = Promise.all([sendArrivals(), sendLabels()].map(untilStopped));

  async function sendArrivals(): Promise<void> {
    let dueMs = nextArrivalMs(schedule, 0, random);
    while (!stopping.signal.aborted) {
      const waitMs = dueMs - (clock.now() - startMs);
      if (waitMs > 0) {
        await clock.sleep(waitMs, stopping.signal);
        continue;
      }
      arrive(dueMs);
      dueMs = nextArrivalMs(schedule, dueMs, random);
    }
  }

  function arrive(elapsedMs: number): void {
    // Drawn before the request may be shed: which image comes when does not depend on the service.
    const image = Math.floor(random() * images.count);
    const isLabelled = random() < labelShare;
    if (counts.inFlight >= maxInFlight) {
      counts.shed++;
      return;
    }
    const request = classify(image, isTroubled(trouble, elapsedMs), isLabelled);
    open.add(request);
    void request.finally(() => open.delete(request));
  }

  async function classify(image: number, dirty: boolean, isLabelled: boolean): Promise<void> {
    counts.sent++;
    counts.inFlight++;
    const id = `${idPrefix}${counts.sent}`;
    const outcome = await post(classifyUrl, bodyFor(id, image, dirty));
    counts.inFlight--;
    const answer = readAnswer(outcome);
    if (!answer.ok) {
      counts.failed[answer.reason]++;
      return;
    }
    counts.ok++;
    const actual = digitClasses[images.labels[image]!]!;
    counts[dirty ? 'dirty' : 'clean'][answer.label === actual ? 'right' : 'wrong']++;
    if (!isLabelled) return;
    if (!labels.add({ id, actual }, clock.now() + labelDelayMs)) counts.labelsDropped++;
  }

  async function sendLabels(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(labelBatchMs, stopping.signal);
      const due = labels.takeDue(clock.now(), mostLabelsInBatch);
      if (due.length === 0) continue;
      const outcome = await post(labelsUrl, JSON.stringify({ labels: due }));
      counts[outcome.ok ? 'labelsSent' : 'labelsFailed'] += due.length;
    }
  }

  function post(url: URL, json: string): Promise<PostOutcome> {
    return postJson(url, json, { timeoutMs, signal: cutting.signal });
  }

  async function untilStopped(loop: Promise<void>): Promise<void> {
    try {
      await loop;
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  }

  function snapshot(): TrafficCounts {
    return structuredClone({ ...counts, labelsWaiting: labels.waiting });
  }

  async function finish(deadlineMs: number): Promise<TrafficCounts> {
    stopping.abort();
    const done = new AbortController();
    const cutOff = clock.sleep(deadlineMs, done.signal).then(
      () => cutting.abort(),
      () => {},
    );
    await Promise.all([running, ...open]);
    done.abort();
    await cutOff;
    return snapshot();
  }

  const stop = (deadlineMs = 5_000): Promise<TrafficCounts> => (stopped ??= finish(deadlineMs));
  return {
    counts: snapshot,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

function isTroubled(trouble: Trouble | undefined, elapsedMs: number): boolean {
  if (trouble === undefined) return false;
  return elapsedMs >= trouble.fromMs && elapsedMs < (trouble.untilMs ?? Number.POSITIVE_INFINITY);
}

function readAnswer(
  outcome: PostOutcome,
): { readonly ok: true; readonly label: string } | { readonly ok: false; readonly reason: FailureReason } {
  if (!outcome.ok) return outcome;
  try {
    const { label } = JSON.parse(outcome.body) as { label?: unknown };
    if (typeof label === 'string' || typeof label === 'number') return { ok: true, label: String(label) };
  } catch {
    // Not JSON, or null: a bad answer like any other.
  }
  return { ok: false, reason: 'bad-answer' };
}

function checked({ url, images, labelShare = 0.5 }: TrafficOptions): { classifyUrl: URL; labelsUrl: URL } {
  const base = URL.parse(url);
  if (base?.protocol !== 'http:') {
    throw new Error(`traffic: url is ${JSON.stringify(url)}, expected one like http://127.0.0.1:8080`);
  }
  if (images.count === 0) throw new Error('traffic: images is empty, expected at least one image');
  if (!(labelShare >= 0 && labelShare <= 1)) {
    throw new Error(`traffic: labelShare is ${labelShare}, expected a share from 0 to 1`);
  }
  return { classifyUrl: new URL('/classify', base), labelsUrl: new URL('/labels', base) };
}
