/** Names are few and written in code; a map that attributes of clients could grow must not stay for ever. */
const MAX_CACHED_NAMES = 1_000;

const legalNames = new Map<string, string>();

/**
 * Labels as both formats write them, without braces: sorted by name, escaped, without empty values, which mean the same
 * as no label.
 *
 * Names that a format uses itself get a prefix; names that become equal have their values joined by `;`.
 */
export function labelText(attributes: Readonly<Record<string, unknown>>, isHistogram = false): string {
  const keys = sorted(Object.keys(attributes));
  let text = '';
  for (const key of keys) {
    const value = attributes[key];
    if (value === undefined || value === null || value === '') continue;
    const name = isHistogram && key === 'le' ? 'exported_le' : legalLabelName(key);
    // It may now stand in another place, or be equal to another name.
    if (name !== key && keys.length > 1) return changedNames(attributes, isHistogram);
    text += text === '' ? `${name}="` : `,${name}="`;
    text += `${escaped(asText(value))}"`;
  }
  return text;
}

function changedNames(attributes: Readonly<Record<string, unknown>>, isHistogram: boolean): string {
  const labels = new Map<string, string>();
  for (const key of sorted(Object.keys(attributes))) {
    const value = attributes[key];
    if (value === undefined || value === null || value === '') continue;
    const legal = legalLabelName(key);
    const name = isHistogram && legal === 'le' ? 'exported_le' : legal;
    const before = labels.get(name);
    labels.set(name, before === undefined ? asText(value) : `${before};${asText(value)}`);
  }
  const inOrder = [...labels].toSorted(([a], [b]) => compare(a, b));
  return inOrder.map(([name, value]) => `${name}="${escaped(value)}"`).join(',');
}

/** A metric name that both formats allow. */
export function legalMetricName(name: string): string {
  const legal = name.replaceAll(/[^a-zA-Z0-9_:]/g, '_');
  return /^[0-9]/.test(legal) || legal === '' ? `_${legal}` : legal;
}

function legalLabelName(key: string): string {
  const known = legalNames.get(key);
  if (known !== undefined) return known;
  const clean = key.replaceAll(/[^a-zA-Z0-9_]/g, '_');
  const isNumeric = /^[0-9]/.test(clean) || clean === '';
  const legal = isNumeric ? `_${clean}` : clean.startsWith('__') ? `exported_${clean}` : clean;
  if (legalNames.size >= MAX_CACHED_NAMES) legalNames.clear();
  legalNames.set(key, legal);
  return legal;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Two lone surrogates are two strings here and the same bytes on the wire: a duplicate series. */
function escaped(value: string): string {
  return /["\\\n\uD800-\uDFFF]/.test(value)
    ? escapeQuoted(value.replaceAll(/\p{Surrogate}/gu, '\uFFFD'))
    : value;
}

/** Escapes what stands between quotation marks. */
export function escapeQuoted(text: string): string {
  return escapeLines(text).replaceAll('"', '\\"');
}

/** Escapes what would break a line. */
export function escapeLines(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** By insertion, in place: labels are few and mostly in order. */
function sorted(keys: string[]): string[] {
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i] ?? '';
    let at = i;
    for (; at > 0 && (keys[at - 1] ?? '') > key; at -= 1) keys[at] = keys[at - 1] ?? '';
    keys[at] = key;
  }
  return keys;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
