import { BoundedCounts } from '../metrics/bounded-counts.ts';
import { FixedHistogram, LABEL_DELAY_BOUNDARIES } from '../metrics/fixed-histogram.ts';
import { Tally } from '../quality/tally.ts';
import type { LabelOutcome } from '../labels/pending-labels.ts';
import { OTHER_CLASS, type ClassNames } from './class-names.ts';

/** Why an event, or a part of it, could not be used. */
export type Refusal =
  | 'class' // not a text of 1 to 256 characters
  | 'id' // not a text of 1 to 256 characters
  | 'time' // not a time that a Date can be
  | 'duration' // not a number from 0 to a year of seconds
  | 'confidence' // not a number from 0 to 1
  | 'scores' // not a probability for each declared class
  | 'segment' // not a text of 1 to 256 characters
  | 'detector' // a drift detector of the host threw
  | 'unreadable' // `classify` found no class in the result
  | 'forwarded'; // a message of a worker that does not have the agreed shape

const MAX_ERROR_REASONS = 20;

/** Every declared class pair has its counter from the start, unless that were too many. */
const MAX_CLASSES_WITH_ALL_CELLS = 32;

/** Everything counted since the start of the process. Only grows, in bounded memory. */
export class ClassifierTotals {
  labelled = 0;
  /** By class: predictions made, labelled or not. */
  readonly predictions: Tally = new Tally();
  readonly truePositives: Tally = new Tally();
  /** By class: labelled predictions that said it. */
  readonly predicted: Tally = new Tally();
  readonly support: Tally = new Tally();
  /** By cell of the confusion matrix. */
  readonly confusion: Tally = new Tally();
  readonly errors: BoundedCounts<string> = new BoundedCounts(MAX_ERROR_REASONS, OTHER_CLASS);
  readonly requestDuration: FixedHistogram = new FixedHistogram();
  readonly labelDelay: FixedHistogram = new FixedHistogram(LABEL_DELAY_BOUNDARIES);
  /** Events that workers dropped before they could tell us. */
  forwardingDropped = 0;
  readonly labelOutcomes: Record<LabelOutcome, number> = {
    joined: 0,
    duplicate: 0,
    conflicting: 0,
    orphan: 0,
    expired: 0,
    evicted: 0,
    'id-reused': 0,
  };
  readonly refusals: Record<Refusal, number> = {
    class: 0,
    id: 0,
    time: 0,
    duration: 0,
    confidence: 0,
    scores: 0,
    segment: 0,
    detector: 0,
    unreadable: 0,
    forwarded: 0,
  };

  constructor(names: ClassNames) {
    // Present at 0 from the start: a ratio of errors has data before the first one.
    this.errors.add('Error', 0);
    const declared = names.entries();
    if (declared.length > MAX_CLASSES_WITH_ALL_CELLS) return;
    for (const [, actual] of declared) {
      for (const [, predicted] of declared) names.cell(actual, predicted);
    }
  }
}
