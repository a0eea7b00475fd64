import { randomInt } from 'node:crypto';
import { IdTable, NONE } from './id-table.ts';
import { ownCopy } from './own-copy.ts';
import { SlotFields } from './slot-fields.ts';
import { SlotList } from './slot-list.ts';

/** A prediction whose truth may still come. */
export interface PendingPrediction {
  /** As the service said it. */
  readonly predicted: string;
  /** Event time on the steady time line, in milliseconds. */
  readonly timeMs: number;
  /** 0 to 1. Absent when the service did not say. */
  readonly confidence: number | undefined;
  /** Where to look when it turns out to be sure and wrong. */
  readonly traceId?: string | undefined;
}

/** What became of a label, or of a prediction that waited for one. */
export type LabelOutcome =
  /** Met its prediction. */
  | 'joined'
  /** The same truth as before: ignored. */
  | 'duplicate'
  /** Another truth than before: the first one stands, since counters cannot go back. */
  | 'conflicting'
  /** No prediction of that id came, even a while later. */
  | 'orphan'
  /** The prediction waited longer than `labelTimeoutMs`. */
  | 'expired'
  /** The prediction made room for newer ones: more than `maxPendingLabels` waited. */
  | 'evicted'
  /** A new prediction took the id of one that still waited. */
  | 'id-reused';

/** A label together with the prediction it is the truth of. */
export interface JoinedLabel {
  readonly prediction: PendingPrediction;
  readonly actual: string;
  readonly labelMs: number;
}

export interface PendingLabelsOptions {
  /** Most predictions that wait, most labels that wait, and most settled ids that are remembered. */
  readonly maxPending: number;
  /** Age at which a waiting prediction is given up, in milliseconds. */
  readonly timeoutMs: number;
  /** How long a label waits for its prediction, in milliseconds: another worker may report it a little later. */
  readonly earlyLabelMs: number;
  readonly onOutcome: (outcome: LabelOutcome) => void;
  /** Of the hash of ids, 32 bits. @defaultValue drawn at random */
  readonly seed?: number;
}

/** What is known of one id besides its place in time. */
interface Notes {
  /** In pairs: event time, and confidence or NaN. */
  readonly numbers: Float64Array;
  /** What was said while it waits; the truth of an early label and of a settled id; of a free slot, the last one. */
  readonly answers: string[];
}

const CHUNK = 4_096;
const CHUNK_BITS = 12;

/**
 * Joins labels to predictions by id, whichever comes first, in bounded memory.
 *
 * Every id has one slot, which moves from list to list: a prediction that waits, a label that came early, an id that
 * is settled. So a label costs one look-up, and another to forget what was settled longest ago. Slots lie in typed
 * arrays: what waits is nothing to the garbage collector, however much it is.
 *
 * Times are those of one time line. Oldest is what came first: an event that was reported late expires with
 * those that were reported with it.
 */
export class PendingLabels {
  readonly #options: PendingLabelsOptions;
  readonly #table: IdTable;
  readonly #waiting: SlotList;
  readonly #early: SlotList;
  readonly #settled: SlotList;
  readonly #notes: Notes[] = [];
  /** Few predictions are both sure and traced. */
  readonly #traceIds = new Map<number, string>();

  constructor(options: PendingLabelsOptions) {
    this.#options = options;
    const fields = new SlotFields();
    this.#table = new IdTable(options.seed ?? randomInt(2 ** 32), fields);
    this.#waiting = new SlotList(1, fields);
    this.#early = new SlotList(2, fields);
    this.#settled = new SlotList(3, fields);
  }

  /** Predictions that wait for their truth. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Lets a prediction wait; returns the join when its label is here already. */
  predict(id: string, prediction: PendingPrediction): JoinedLabel | undefined {
    const { maxPending, onOutcome } = this.#options;
    const slot = this.#table.find(id);
    if (slot !== NONE && this.#early.has(slot)) {
      const { numbers, answers } = this.#notesOf(slot);
      const actual = answers[slot & (CHUNK - 1)] ?? '';
      const labelMs = numbers[2 * (slot & (CHUNK - 1))] ?? 0;
      this.#settle(slot, actual);
      onOutcome('joined');
      return { prediction, actual, labelMs };
    }
    if (slot !== NONE && this.#waiting.has(slot)) onOutcome('id-reused');
    else this.#makeRoom(this.#waiting, maxPending, 'evicted');
    const place = slot === NONE ? this.#table.add(id) : slot;
    const { predicted, timeMs, confidence = Number.NaN, traceId } = prediction;
    this.#put(this.#waiting, place, predicted);
    this.#noteNumbers(place, timeMs, confidence);
    if (traceId !== undefined) this.#traceIds.set(place, traceId);
    return undefined;
  }

  /** Notes a prediction whose truth was known at once: a label that comes for it is a second one. */
  settle(id: string, actual: string): void {
    const { onOutcome } = this.#options;
    const slot = this.#table.find(id);
    if (slot === NONE) {
      this.#settle(this.#table.add(id), actual);
      return;
    }
    if (this.#waiting.has(slot)) onOutcome('id-reused');
    if (this.#early.has(slot)) onOutcome(this.#answer(slot) === actual ? 'duplicate' : 'conflicting');
    this.#settle(slot, actual);
  }

  /** Takes a label; returns the join when its prediction is here already. */
  label(id: string, actual: string, labelMs: number): JoinedLabel | undefined {
    const { maxPending, onOutcome } = this.#options;
    const slot = this.#table.find(id);
    if (slot === NONE) {
      this.#makeRoom(this.#early, maxPending, 'orphan');
      const place = this.#table.add(id);
      this.#put(this.#early, place, actual);
      this.#noteNumbers(place, labelMs, Number.NaN);
      return undefined;
    }
    if (!this.#waiting.has(slot)) {
      onOutcome(this.#answer(slot) === actual ? 'duplicate' : 'conflicting');
      return undefined;
    }
    const prediction = this.#prediction(slot);
    this.#settle(slot, actual);
    onOutcome('joined');
    return { prediction, actual, labelMs };
  }

  /** Gives up what waited too long. O(1) when nothing did. */
  expire(nowMs: number): void {
    const { timeoutMs, earlyLabelMs } = this.#options;
    this.#expireIn(this.#waiting, nowMs - timeoutMs, 'expired');
    this.#expireIn(this.#early, nowMs - earlyLabelMs, 'orphan');
  }

  #expireIn(list: SlotList, untilMs: number, outcome: LabelOutcome): void {
    for (let { oldest } = list; oldest !== NONE && this.#timeMs(oldest) <= untilMs; { oldest } = list) {
      this.#forget(list, oldest);
      this.#options.onOutcome(outcome);
    }
  }

  #makeRoom(list: SlotList, max: number, outcome: LabelOutcome): void {
    if (list.size < max || list.oldest === NONE) return;
    this.#forget(list, list.oldest);
    this.#options.onOutcome(outcome);
  }

  #settle(slot: number, actual: string): void {
    const settled = this.#settled;
    const isFull = !settled.has(slot) && settled.size >= this.#options.maxPending;
    if (isFull && settled.oldest !== NONE) this.#forget(settled, settled.oldest);
    this.#put(settled, slot, actual);
  }

  #put(list: SlotList, slot: number, answer: string): void {
    this.#leave(slot);
    this.#notesOf(slot).answers[slot & (CHUNK - 1)] = ownCopy(answer);
    list.add(slot);
  }

  /** Takes a slot out of the list in which it is, if it is in one. */
  #leave(slot: number): void {
    if (this.#waiting.has(slot)) {
      this.#waiting.remove(slot);
      this.#traceIds.delete(slot);
    } else if (this.#early.has(slot)) this.#early.remove(slot);
    else if (this.#settled.has(slot)) this.#settled.remove(slot);
  }

  #forget(list: SlotList, slot: number): void {
    list.remove(slot);
    this.#traceIds.delete(slot);
    this.#table.remove(slot);
  }

  #prediction(slot: number): PendingPrediction {
    const { numbers, answers } = this.#notesOf(slot);
    const at = slot & (CHUNK - 1);
    const confidence = numbers[2 * at + 1] ?? Number.NaN;
    return {
      predicted: answers[at] ?? '',
      timeMs: numbers[2 * at] ?? 0,
      confidence: Number.isNaN(confidence) ? undefined : confidence,
      traceId: this.#traceIds.size === 0 ? undefined : this.#traceIds.get(slot),
    };
  }

  #answer(slot: number): string | undefined {
    return this.#notesOf(slot).answers[slot & (CHUNK - 1)];
  }

  #timeMs(slot: number): number {
    return this.#notesOf(slot).numbers[2 * (slot & (CHUNK - 1))] ?? 0;
  }

  #noteNumbers(slot: number, timeMs: number, confidence: number): void {
    const { numbers } = this.#notesOf(slot);
    const at = 2 * (slot & (CHUNK - 1));
    numbers[at] = timeMs;
    numbers[at + 1] = confidence;
  }

  #notesOf(slot: number): Notes {
    return (this.#notes[slot >> CHUNK_BITS] ??= {
      numbers: new Float64Array(2 * CHUNK),
      answers: Array.from({ length: CHUNK }, () => ''),
    });
  }
}
