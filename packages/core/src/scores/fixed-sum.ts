const UNITS = 1e9;
const CARRY = 2 ** 52;

/**
 * A sum of numbers from 0 up, in billionths, as an integer of more than 53 bits.
 *
 * Integers neither drift nor depend on the order of addition: sums of slices, of windows and of processes are
 * the same whichever way they are added.
 */
export class FixedSum {
  #units: number;
  #carries: number;

  constructor(units = 0, carries = 0) {
    this.#units = units;
    this.#carries = carries;
  }

  /** @param value - From 0 to a million. */
  add(value: number): void {
    this.#addUnits(Math.round(value * UNITS));
  }

  merge(other: FixedSum): void {
    this.#carries += other.#carries;
    this.#addUnits(other.#units);
  }

  clear(): void {
    this.#units = 0;
    this.#carries = 0;
  }

  get value(): number {
    return (this.#carries * CARRY + this.#units) / UNITS;
  }

  /** Billionths below 2^52, and how often 2^52 of them. */
  toJSON(): readonly [units: number, carries: number] {
    return [this.#units, this.#carries];
  }

  #addUnits(units: number): void {
    this.#units += units;
    if (this.#units < CARRY) return;
    this.#units -= CARRY;
    this.#carries += 1;
  }
}
