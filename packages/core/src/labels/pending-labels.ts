import { EntryList, type Entry } from './entry-list.ts';
import { IdMap } from './id-map.ts';
import { ownCopy } from './own-copy.ts';

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
}

/**
 * Joins labels to predictions by id, whichever comes first, in bounded memory.
 *
 * Every id has one entry, which moves from list to list: a prediction that waits, a label that came early, an id that
 * is settled. So a label costs one look-up, and another to forget what was settled longest ago.
 *
 * Times are those of one time line. Oldest is what came first: an event that was reported late expires with
 * those that were reported with it.
 */
export class PendingLabels {
  readonly #options: PendingLabelsOptions;
  readonly #entries = new IdMap<Entry>();
  readonly #waiting = new EntryList();
  readonly #early = new EntryList();
  readonly #settled = new EntryList();
  /** The last entry that was forgotten: the next id takes its place, so that a full table allocates nothing. */
  #spare: Entry | undefined;

  constructor(options: PendingLabelsOptions) {
    this.#options = options;
  }

  /** Predictions that wait for their truth. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Lets a prediction wait; returns the join when its label is here already. */
  predict(id: string, prediction: PendingPrediction): JoinedLabel | undefined {
    const { maxPending, onOutcome } = this.#options;
    const entry = this.#entries.get(id);
    if (entry?.list === this.#early) {
      const { actual, timeMs } = entry;
      this.#settle(entry, actual);
      onOutcome('joined');
      return { prediction, actual, labelMs: timeMs };
    }
    if (entry?.list === this.#waiting) onOutcome('id-reused');
    else this.#makeRoom(this.#waiting, maxPending, 'evicted');
    this.#put(this.#waiting, entry ?? this.#create(id), '', prediction.timeMs, prediction);
    return undefined;
  }

  /** Notes a prediction whose truth was known at once: a label that comes for it is a second one. */
  settle(id: string, actual: string): void {
    const { onOutcome } = this.#options;
    const entry = this.#entries.get(id);
    if (entry?.list === this.#waiting) onOutcome('id-reused');
    if (entry?.list === this.#early) onOutcome(entry.actual === actual ? 'duplicate' : 'conflicting');
    this.#settle(entry ?? this.#create(id), actual);
  }

  /** Takes a label; returns the join when its prediction is here already. */
  label(id: string, actual: string, labelMs: number): JoinedLabel | undefined {
    const { maxPending, onOutcome } = this.#options;
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      this.#makeRoom(this.#early, maxPending, 'orphan');
      this.#put(this.#early, this.#create(id), actual, labelMs, undefined);
      return undefined;
    }
    const { prediction } = entry;
    if (prediction === undefined) {
      onOutcome(entry.actual === actual ? 'duplicate' : 'conflicting');
      return undefined;
    }
    this.#settle(entry, actual);
    onOutcome('joined');
    return { prediction, actual, labelMs };
  }

  /** Gives up what waited too long. O(1) when nothing did. */
  expire(nowMs: number): void {
    const { timeoutMs, earlyLabelMs } = this.#options;
    this.#expireIn(this.#waiting, nowMs - timeoutMs, 'expired');
    this.#expireIn(this.#early, nowMs - earlyLabelMs, 'orphan');
  }

  #expireIn(list: EntryList, untilMs: number, outcome: LabelOutcome): void {
    for (let { oldest } = list; oldest !== undefined && oldest.timeMs <= untilMs; { oldest } = list) {
      this.#forget(oldest);
      this.#options.onOutcome(outcome);
    }
  }

  #makeRoom(list: EntryList, max: number, outcome: LabelOutcome): void {
    if (list.size < max || list.oldest === undefined) return;
    this.#forget(list.oldest);
    this.#options.onOutcome(outcome);
  }

  #settle(entry: Entry, actual: string): void {
    const { oldest } = this.#settled;
    const isFull = entry.list !== this.#settled && this.#settled.size >= this.#options.maxPending;
    if (isFull && oldest !== undefined) this.#forget(oldest);
    this.#put(this.#settled, entry, actual, 0, undefined);
  }

  #put(
    list: EntryList,
    entry: Entry,
    actual: string,
    timeMs: number,
    prediction: PendingPrediction | undefined,
  ): void {
    entry.actual = actual === '' ? '' : ownCopy(actual);
    entry.timeMs = timeMs;
    entry.prediction = prediction;
    list.add(entry);
  }

  #create(id: string): Entry {
    const entry: Entry = this.#spare ?? {
      id,
      list: undefined,
      prediction: undefined,
      actual: '',
      timeMs: 0.5, // a fraction: the engine then keeps it as one from the start
      previous: undefined,
      next: undefined,
    };
    this.#spare = undefined;
    entry.id = ownCopy(id);
    this.#entries.set(entry.id, entry);
    return entry;
  }

  #forget(entry: Entry): void {
    entry.list?.remove(entry);
    entry.prediction = undefined;
    this.#entries.delete(entry.id);
    this.#spare = entry;
  }
}
