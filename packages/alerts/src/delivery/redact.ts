/** Longer than this, a text from outside helps nobody. */
const MAX_CHARS = 300;

/**
 * A text from outside as it may go into a log, a metric or the store: services and broken proxies quote what they
 * were sent, and that holds tokens, keys and phone numbers.
 *
 * Addresses, e-mail addresses, long numbers, and long words with a digit in them are left out; the names of errors,
 * such as `isv.BUSINESS_LIMIT_CONTROL`, stay.
 *
 * @param text - A text by its type; a channel written in JavaScript may give anything.
 */
export function redact(text: unknown): string {
  return (
    String(text)
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
      .replaceAll(/\b[a-z][a-z\d+.-]*:\/\/\S+/gi, '[address]')
      .replaceAll(/[^\s@]+@[^\s@]+/g, '[address]')
      .replaceAll(/\+?\d(?:[\s()-]?\d){6,}/g, '[number]')
      .replaceAll(/(?=[^\s"',;]*\d)[^\s"',;]{12,}/g, '[secret]')
      .slice(0, MAX_CHARS)
  );
}
