/**
 * Why a request does not count as one of this machine.
 *
 * - `not-loopback`: it came from another machine, through a proxy, or over an adapter that does not tell from where.
 * - `foreign-host`: a browser on this machine was led here by the name of somebody else's page.
 */
export type LoopbackRefusal = 'not-loopback' | 'foreign-host';

/** Headers in which a proxy names the client that it stands for. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

/**
 * Why a request is not from this machine itself; `undefined` when it is: from a loopback address, through no proxy,
 * and under a name that no page elsewhere can take (DNS rebinding).
 *
 * @param address - Of the other end of the socket; absent where nobody told: unknown is not local.
 * @param header - The value of a header by its name in small letters; `null` or `undefined` when it is not there.
 */
export function loopbackRefusal(
  address: string | undefined,
  header: (name: string) => string | null | undefined,
): LoopbackRefusal | undefined {
  if (!isLoopbackAddress(address)) return 'not-loopback';
  if (FORWARDING_HEADERS.some((name) => (header(name) ?? undefined) !== undefined)) return 'not-loopback';
  const host = header('host') ?? undefined;
  return host === undefined || isLoopbackHost(host) ? undefined : 'foreign-host';
}

function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false;
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  return plain === '::1' || plain.startsWith('127.');
}

/** A page elsewhere may point its name at this machine, but it cannot take one of these names. */
function isLoopbackHost(host: string): boolean {
  const name = host.replace(/:\d*$/, '').toLowerCase().replace(/\.$/, '');
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(name)
  );
}
