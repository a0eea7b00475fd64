/* oxlint-disable no-control-regex -- control characters are what must be found */
/** Escaped everywhere: what JSON forbids inside a string. Backspace and form feed have no short form here. */
const MUST_ESCAPE = /["\\\u0000-\u001f]/;
const MUST_ESCAPE_ALL = /["\\\u0000-\u001f]/g;

/** Besides, where a page might show the text: signs that could end a script. */
const RISKY_IN_HTML = /["\\\u0000-\u001f<>&\u2028\u2029]/;
const RISKY_IN_HTML_ALL = /["\\\u0000-\u001f<>&\u2028\u2029]/g;
/* oxlint-enable no-control-regex */

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A JSON string as Prometheus writes labels: `<` and its like stay as they are. */
export function quoteLabel(text: string): string {
  return MUST_ESCAPE.test(text) ? `"${text.replaceAll(MUST_ESCAPE_ALL, escape)}"` : `"${text}"`;
}

/** A JSON string as Prometheus writes all other text: safe inside a page. */
export function quoteText(text: string): string {
  return RISKY_IN_HTML.test(text) ? `"${text.replaceAll(RISKY_IN_HTML_ALL, escape)}"` : `"${text}"`;
}

function escape(char: string): string {
  return SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A time in seconds: whole, or with exactly three digits behind the point. */
export function writeTime(timeMs: number): string {
  return timeMs % 1000 === 0 ? String(timeMs / 1000) : (timeMs / 1000).toFixed(3);
}

/**
 * A value as JSON, in pieces: one for each entry of a list or member of an object, so that a long answer can be
 * written in turns. What is `undefined` is left out, as in `JSON.stringify`.
 */
export function* writeJson(value: unknown): Generator<string, void> {
  if (value instanceof Date) yield JSON.stringify(value);
  else if (typeof value === 'string') yield quoteText(value);
  else if (typeof value !== 'object' || value === null) yield JSON.stringify(value) ?? 'null';
  else if (Array.isArray(value)) {
    yield '[';
    for (const [at, entry] of value.entries()) {
      if (at > 0) yield ',';
      yield* writeJson(entry);
    }
    yield ']';
  } else {
    let before = '{';
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${before}${quoteText(name)}:`;
      yield* writeJson(member);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  }
}
