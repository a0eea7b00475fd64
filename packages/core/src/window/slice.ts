import { CalibrationBins } from '../quality/calibration-bins.ts';
import { Tally } from '../quality/tally.ts';

/** What happened in one stretch of time, in integers only. */
export class Slice {
  /** Predictions made, labelled or not. */
  predictions = 0;
  /** Predictions of this time whose truth is known by now. */
  labelled = 0;
  /** Labelled predictions that were right. */
  correct = 0;
  /** Calls that failed. */
  errors = 0;
  /** By class: right predictions. */
  readonly truePositives: Tally = new Tally();
  /** By class: labelled predictions that said it. */
  readonly predicted: Tally = new Tally();
  /** By class: labelled predictions whose truth it is. */
  readonly support: Tally = new Tally();
  /** By cell of the confusion matrix. */
  readonly confusion: Tally = new Tally();
  /** By log bucket: durations of calls. */
  readonly durations: Tally = new Tally();
  /** By log bucket: time from prediction to label, for labels that came late. */
  readonly labelDelays: Tally = new Tally();
  /** Labelled predictions that said how sure they were. */
  readonly calibration: CalibrationBins = new CalibrationBins();

  /** Adds what happened in another stretch. */
  merge(other: Slice): void {
    this.#combine(other, 1);
    this.truePositives.merge(other.truePositives);
    this.predicted.merge(other.predicted);
    this.support.merge(other.support);
    this.confusion.merge(other.confusion);
    this.durations.merge(other.durations);
    this.labelDelays.merge(other.labelDelays);
    this.calibration.merge(other.calibration);
  }

  /** Takes away what was merged before. */
  remove(other: Slice): void {
    this.#combine(other, -1);
    this.truePositives.remove(other.truePositives);
    this.predicted.remove(other.predicted);
    this.support.remove(other.support);
    this.confusion.remove(other.confusion);
    this.durations.remove(other.durations);
    this.labelDelays.remove(other.labelDelays);
    this.calibration.remove(other.calibration);
  }

  clear(): void {
    this.#combine(this, -1);
    this.truePositives.clear();
    this.predicted.clear();
    this.support.clear();
    this.confusion.clear();
    this.durations.clear();
    this.labelDelays.clear();
    this.calibration.clear();
  }

  #combine(other: Slice, sign: 1 | -1): void {
    this.predictions += sign * other.predictions;
    this.labelled += sign * other.labelled;
    this.correct += sign * other.correct;
    this.errors += sign * other.errors;
  }
}
