/** A request body that cannot be used. Express answers it with `status`. */
export class BodyError extends Error {
  override readonly name = 'BodyError';
  /** The HTTP status to answer with. */
  readonly status = 400;
  /** The message may be shown to the client: it quotes no more than a few characters of the body. */
  readonly expose = true;

  /**
   * @param place - Where in the body: `pixels`, `labels[3].actual`.
   * @param got - What is there.
   * @param expected - What should be there.
   */
  constructor(place: string, got: string, expected: string) {
    super(`${place}: got ${got}, expected ${expected}`);
  }
}

/** Names a value for an error message, in at most 40 characters. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') {
    return value.length <= 20 ? JSON.stringify(value) : `a text of ${value.length} characters`;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `a ${typeof value}`;
}
