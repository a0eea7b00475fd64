import type { Labels } from '@tidewatch/core';
import type { StoredSeries } from './stored-series.ts';

/**
 * The order in which one source names its series.
 *
 * It hardly ever changes from collect to collect, so the next series can be guessed and the guess compared, which
 * costs a fifth of building a key and looking it up.
 */
export class CollectOrder {
  #previous: StoredSeries[] = [];
  #present: StoredSeries[] = [];
  #next = 0;

  /** Starts a collect. */
  begin(): void {
    [this.#previous, this.#present] = [this.#present, this.#previous];
    this.#present.length = 0;
    this.#next = 0;
  }

  /** The series that these labels name, if it is the one expected. */
  guess(labels: Labels): StoredSeries | undefined {
    const expected = this.#previous[this.#next];
    return expected?.isGiven(labels) === true ? expected : undefined;
  }

  /** Notes what the sample was. After an addition or an omission the guesses go on from there. */
  note(series: StoredSeries): void {
    this.#next = series.place + 1;
    series.place = this.#present.push(series) - 1;
  }
}
