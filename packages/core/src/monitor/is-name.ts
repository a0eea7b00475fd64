export const MAX_NAME_LENGTH = 256;

/** Whether a class, a model or an id can be used. Longer texts are no names: they would be kept and exported for ever. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME_LENGTH;
}
