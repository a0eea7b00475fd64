/**
 * Watches the errors of a classifier one labelled prediction at a time, in the order in which labels arrive.
 *
 * Built in: {@link eDetector}, {@link adwin}, {@link pageHinkley}, {@link ddm}. An own one is a plain object.
 */
export interface DriftDetector {
  /** Value of the label `detector`: a short word, unique in its monitor. */
  readonly name: string;
  /** Takes one outcome; `true` means that the error rate has changed. A detector starts again after its alarm. */
  add(isError: boolean): boolean;
}
