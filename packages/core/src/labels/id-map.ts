/** As many as keep the parts of a million ids small; a power of two. */
const PARTS = 64;

/**
 * A map by id in many parts.
 *
 * One map of half a million ids stops the service for 40 ms when it has to grow; a part of it for less than one.
 */
export class IdMap<Value> {
  readonly #parts: readonly Map<string, Value>[] = Array.from(
    { length: PARTS },
    () => new Map<string, Value>(),
  );

  get(id: string): Value | undefined {
    return this.#partOf(id).get(id);
  }

  set(id: string, value: Value): void {
    this.#partOf(id).set(id, value);
  }

  delete(id: string): void {
    this.#partOf(id).delete(id);
  }

  /** Ends of ids differ most. Ids that do not spread are found as well; they only share a part. */
  #partOf(id: string): Map<string, Value> {
    const end = id.length - 1;
    const spread = id.charCodeAt(end) + 7 * id.charCodeAt(end - 1) + 31 * id.charCodeAt(end >> 1);
    return this.#parts[spread & (PARTS - 1)] as Map<string, Value>;
  }
}
