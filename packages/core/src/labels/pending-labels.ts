import { OldestFirst } from './oldest-first.ts';

/** A prediction whose truth may still come. */
export interface PendingPrediction {
  /** As the service said it. */
  readonly predicted: string;
  /** Event time on the steady time line, in milliseconds. */
  readonly timeMs: number;
  /** 0 to 1. Absent when the service did not say. */
  readonly confidence: number | undefined;
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
 * Times are those of one time line. Oldest is what came first: an event that was reported late expires with
 * those that were reported with it.
 */
export class PendingLabels {
  readonly #options: PendingLabelsOptions;
  readonly #predictions = new OldestFirst<PendingPrediction>();
  readonly #early = new OldestFirst<{ readonly actual: string; readonly timeMs: number }>();
  readonly #settled = new OldestFirst<string>();

  constructor(options: PendingLabelsOptions) {
    this.#options = options;
  }

  /** Predictions that wait for their truth. */
  get size(): number {
    return this.#predictions.size;
  }

  /** Lets a prediction wait; returns the join when its label is here already. */
  predict(id: string, prediction: PendingPrediction): JoinedLabel | undefined {
    const { maxPending, onOutcome } = this.#options;
    if (this.#predictions.delete(id)) onOutcome('id-reused');
    const early = this.#early.get(id);
    if (early !== undefined) {
      this.#early.delete(id);
      return this.#join(id, prediction, early.actual, early.timeMs);
    }
    if (this.#predictions.size >= maxPending && this.#predictions.deleteOldest()) onOutcome('evicted');
    this.#predictions.set(id, prediction);
    return undefined;
  }

  /** Notes a prediction whose truth was known at once: a label that comes for it is a second one. */
  settle(id: string, actual: string): void {
    const { onOutcome } = this.#options;
    if (this.#predictions.delete(id)) onOutcome('id-reused');
    const early = this.#early.get(id);
    if (early !== undefined) {
      this.#early.delete(id);
      onOutcome(early.actual === actual ? 'duplicate' : 'conflicting');
    }
    this.#remember(id, actual);
  }

  /** Takes a label; returns the join when its prediction is here already. */
  label(id: string, actual: string, labelMs: number): JoinedLabel | undefined {
    const { maxPending, onOutcome } = this.#options;
    const prediction = this.#predictions.get(id);
    if (prediction !== undefined) {
      this.#predictions.delete(id);
      return this.#join(id, prediction, actual, labelMs);
    }
    const known = this.#settled.get(id) ?? this.#early.get(id)?.actual;
    if (known !== undefined) {
      onOutcome(known === actual ? 'duplicate' : 'conflicting');
      return undefined;
    }
    if (this.#early.size >= maxPending && this.#early.deleteOldest()) onOutcome('orphan');
    this.#early.set(id, { actual, timeMs: labelMs });
    return undefined;
  }

  /** Gives up what waited too long. O(1) when nothing did. */
  expire(nowMs: number): void {
    const { timeoutMs, earlyLabelMs, onOutcome } = this.#options;
    while (hasWaited(this.#predictions.oldest()?.value, nowMs, timeoutMs)) {
      this.#predictions.deleteOldest();
      onOutcome('expired');
    }
    while (hasWaited(this.#early.oldest()?.value, nowMs, earlyLabelMs)) {
      this.#early.deleteOldest();
      onOutcome('orphan');
    }
  }

  #join(id: string, prediction: PendingPrediction, actual: string, labelMs: number): JoinedLabel {
    this.#remember(id, actual);
    this.#options.onOutcome('joined');
    return { prediction, actual, labelMs };
  }

  #remember(id: string, actual: string): void {
    if (this.#settled.size >= this.#options.maxPending) this.#settled.deleteOldest();
    this.#settled.set(id, actual);
  }
}

function hasWaited(oldest: { readonly timeMs: number } | undefined, nowMs: number, limitMs: number): boolean {
  return oldest !== undefined && nowMs - oldest.timeMs >= limitMs;
}
