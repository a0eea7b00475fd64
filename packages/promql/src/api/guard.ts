import { createHash, timingSafeEqual } from 'node:crypto';
import { remoteAddressOf, type ConfigIssue } from '@tidewatch/core';

/** Who may ask. Without either, only this machine. */
export interface GuardOptions {
  /** Let in with the header `authorization: Bearer …` of this text, from anywhere. At least 16 characters. */
  readonly token?: string;
  /** Asked about every request; `true` lets it in, from anywhere. What it throws keeps the request out. */
  readonly authorize?: (request: Request) => boolean | Promise<boolean>;
}

/**
 * Why a request is not answered.
 *
 * - `no-token`, `not-authorized`: the token or the host's own function says no.
 * - `not-loopback`: it came from another machine, through a proxy, or over an adapter that does not tell from where.
 * - `foreign-host`: a browser on this machine was led here by the name of somebody else's page.
 */
export type Refusal = 'no-token' | 'not-authorized' | 'not-loopback' | 'foreign-host';

/** Headers in which a proxy names the client that it stands for. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-real-ip'];

/** Why a request may not be answered; `undefined` when it may. Never rejects. */
export async function refusalOf(request: Request, guard: GuardOptions): Promise<Refusal | undefined> {
  if (guard.token !== undefined) return hasToken(request, guard.token) ? undefined : 'no-token';
  if (guard.authorize === undefined) return loopbackRefusal(request.headers, remoteAddressOf(request));
  try {
    const answer: unknown = await guard.authorize(request);
    return answer === true ? undefined : 'not-authorized';
  } catch {
    return 'not-authorized';
  }
}

/** The rule without a token: this machine asks, directly, and by its own name. */
export function loopbackRefusal(headers: Headers, address: string | undefined): Refusal | undefined {
  const host = headers.get('host');
  // Neither a socket nor a host: made inside this process.
  if (address === undefined && host === null) return undefined;
  if (!isLoopbackAddress(address)) return 'not-loopback';
  if (FORWARDING_HEADERS.some((name) => headers.has(name))) return 'not-loopback';
  return host === null || isLoopbackHost(host) ? undefined : 'foreign-host';
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

/** Takes as long for a near miss as for any other text. */
function hasToken(request: Request, token: string): boolean {
  const [, given] = /^Bearer +(.+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

const REFUSALS: Readonly<Record<Refusal, readonly [status: number, errorType: string, error: string]>> = {
  'no-token': [401, 'unauthorized', 'this needs the header authorization: Bearer …'],
  'not-authorized': [401, 'unauthorized', 'this needs authorization'],
  'not-loopback': [
    403,
    'forbidden',
    'only this machine may ask; createApi() takes a token or authorize for others',
  ],
  'foreign-host': [
    403,
    'forbidden',
    'asked by a name that is not of this machine: use localhost or 127.0.0.1',
  ],
};

/** What the client is told. */
export function refusalText(refusal: Refusal): readonly [status: number, errorType: string, error: string] {
  return REFUSALS[refusal];
}

const MIN_TOKEN_CHARACTERS = 16;

/** @returns What is wrong with the options, if anything. */
export function guardIssues({ token, authorize }: GuardOptions): readonly ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  if (token !== undefined && (typeof token !== 'string' || token.length < MIN_TOKEN_CHARACTERS)) {
    const problem = `expected a text of ${MIN_TOKEN_CHARACTERS} characters or more`;
    issues.push({ code: 'out-of-range', path: 'token', problem, remedy: 'openssl rand -hex 16 makes one' });
  }
  if (token !== undefined && authorize !== undefined) {
    const problem = 'expected one of token and authorize, got both';
    issues.push({ code: 'out-of-range', path: 'token', problem, remedy: 'let authorize look at the token' });
  }
  return issues;
}
