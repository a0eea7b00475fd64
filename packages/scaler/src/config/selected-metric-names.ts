const NOT_NAMES = new Set(
  'and or unless by without on ignoring group_left group_right bool offset atan2 inf nan start end'.split(
    ' ',
  ),
);

/**
 * Names of the metrics that a PromQL expression selects, each once, in order of appearance.
 *
 * Reads the text, not the grammar: strings, label matchers, ranges and label lists are taken away, and what
 * is left and not followed by `(` is a metric. A selector by `__name__` alone is not found.
 */
export function selectedMetricNames(query: string): readonly string[] {
  const bare = query
    .replaceAll(/#.*$/gm, ' ')
    .replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, ' ')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/gi, ' ');
  const names = [...bare.matchAll(/(?<![\w.:])[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])/g)]
    .map(([name]) => name)
    .filter((name) => !NOT_NAMES.has(name.toLowerCase()));
  return [...new Set(names)];
}
