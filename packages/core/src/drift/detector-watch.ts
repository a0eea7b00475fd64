import type { DriftDetector } from './drift-detector.ts';

/** What one detector has said. */
export interface DetectorReading {
  readonly detector: string;
  /** Whether it raised an alarm within the last `windowMs`. */
  readonly detected: boolean;
  /** Alarms since the start. */
  readonly alarms: number;
  /** Labelled predictions it has seen since the start. */
  readonly n: number;
}

interface Watched {
  readonly detector: DriftDetector;
  alarms: number;
  lastAlarmMs: number;
  n: number;
}

/** Feeds all detectors with every labelled prediction, and remembers their alarms for the length of a window. */
export class DetectorWatch {
  readonly #watched: readonly Watched[];
  readonly #holdMs: number;
  readonly #onError: (error: unknown) => void;

  /**
   * @param holdMs - How long an alarm shows.
   * @param onError - Told of what a detector throws; the others, and the count of the prediction, go on.
   */
  constructor(detectors: readonly DriftDetector[], holdMs: number, onError: (error: unknown) => void) {
    this.#holdMs = holdMs;
    this.#onError = onError;
    this.#watched = detectors.map((detector) => ({
      detector,
      alarms: 0,
      lastAlarmMs: Number.NEGATIVE_INFINITY,
      n: 0,
    }));
  }

  add(isError: boolean, nowMs: number): void {
    for (const watched of this.#watched) {
      watched.n += 1;
      try {
        if (!watched.detector.add(isError)) continue;
      } catch (error) {
        this.#onError(error);
        continue;
      }
      watched.alarms += 1;
      watched.lastAlarmMs = nowMs;
    }
  }

  readings(nowMs: number): DetectorReading[] {
    return this.#watched.map(({ detector, alarms, lastAlarmMs, n }) => ({
      detector: detector.name,
      detected: nowMs - lastAlarmMs < this.#holdMs,
      alarms,
      n,
    }));
  }
}
