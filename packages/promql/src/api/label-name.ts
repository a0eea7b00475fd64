import { BadRequest } from './parameters.ts';

/**
 * The label that a path segment names. `U__` begins the escaped form of a name that is more than letters, digits and
 * underscores: `__` stands for one underscore, `_2e_` for the character of that number.
 *
 * @throws {@link BadRequest} for a segment that is no UTF-8.
 * @see https://github.com/prometheus/proposals/blob/main/proposals/0028-utf8.md
 */
export function labelNameOf(segment: string): string {
  const name = decodeSegment(segment);
  return name.startsWith('U__') ? (unescape(name.slice('U__'.length)) ?? name) : name;
}

/** `undefined` when this is no escaped form: then it is a name like any other. */
function unescape(escaped: string): string | undefined {
  let name = '';
  let at = 0;
  for (; at < escaped.length; at++) {
    const char = escaped.charAt(at);
    if (char !== '_') {
      name += char;
      continue;
    }
    const [whole, hex] = /^_([0-9a-f]{0,6})_/i.exec(escaped.slice(at)) ?? [];
    if (whole === undefined || hex === undefined) return undefined;
    const code = Number.parseInt(hex, 16);
    if (hex !== '' && (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))) return undefined;
    name += hex === '' ? '_' : String.fromCodePoint(code);
    at += whole.length - 1;
  }
  return name;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Byte by byte, as Go quotes text that is no UTF-8.
    const shown = segment.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => {
      const byte = Number.parseInt(hex, 16);
      return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${hex.toLowerCase()}`;
    });
    throw new BadRequest(`invalid label name: "${shown}"`);
  }
}
