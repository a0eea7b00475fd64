/**
 * Compares two texts by their UTF-8 bytes, as Prometheus sorts labels.
 *
 * JavaScript's `<` compares UTF-16 units, which puts U+10000 and above before U+E000.
 */
export function compareBytes(a: string, b: string): number {
  // Neighbours in an answer share most of their labels.
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above every other unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x1_0000 : unit;
}
