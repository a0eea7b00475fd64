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

  merge(other: Slice): void {
    this.predictions += other.predictions;
    this.labelled += other.labelled;
    this.correct += other.correct;
    this.errors += other.errors;
    this.truePositives.merge(other.truePositives);
    this.predicted.merge(other.predicted);
    this.support.merge(other.support);
    this.confusion.merge(other.confusion);
    this.durations.merge(other.durations);
    this.labelDelays.merge(other.labelDelays);
    this.calibration.merge(other.calibration);
  }

  clear(): void {
    this.predictions = 0;
    this.labelled = 0;
    this.correct = 0;
    this.errors = 0;
    this.truePositives.clear();
    this.predicted.clear();
    this.support.clear();
    this.confusion.clear();
    this.durations.clear();
    this.labelDelays.clear();
    this.calibration.clear();
  }
}
