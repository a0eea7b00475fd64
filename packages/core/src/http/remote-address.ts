const addresses = new WeakMap<Request, string>();

/**
 * The address of the socket that a request came over, as node:net writes it; `undefined` when nobody knows, such as for
 * a request that was made inside the process. A web Request has no place for it, so `toNodeHandler` notes it here.
 */
export function remoteAddressOf(request: Request): string | undefined {
  return addresses.get(request);
}

/** Notes where a request came from. */
export function noteRemoteAddress(request: Request, address: string | undefined): void {
  if (address !== undefined) addresses.set(request, address);
}
