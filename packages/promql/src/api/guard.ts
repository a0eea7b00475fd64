import { createHash, timingSafeEqual } from 'node:crypto';
import { loopbackRefusal, remoteAddressOf, type ConfigIssue, type LoopbackRefusal } from '@tidewatch/core';

/** Who may ask. Without either, only this machine. */
export interface GuardOptions {
  /** Let in with the header `authorization: Bearer …` of this text, from anywhere. At least 16 characters. */
  readonly token?: string;
  /** Asked about every request; `true` lets it in, from anywhere. What it throws keeps the request out. */
  readonly authorize?: (request: Request) => boolean | Promise<boolean>;
}

/** Why a request is not answered: `no-token` and `not-authorized` where the guard says no, else the rule of loopback. */
export type Refusal = 'no-token' | 'not-authorized' | LoopbackRefusal;

/** Why a request may not be answered; `undefined` when it may. Never rejects. */
export async function refusalOf(request: Request, guard: GuardOptions): Promise<Refusal | undefined> {
  if (guard.token !== undefined) return hasToken(request, guard.token) ? undefined : 'no-token';
  if (guard.authorize === undefined) return unguardedRefusal(request);
  try {
    const answer: unknown = await guard.authorize(request);
    return answer === true ? undefined : 'not-authorized';
  } catch {
    return 'not-authorized';
  }
}

/** The rule without a token. Neither a socket nor a host is a request made inside this process. */
function unguardedRefusal(request: Request): Refusal | undefined {
  const { headers } = request;
  const address = remoteAddressOf(request);
  if (address === undefined && !headers.has('host')) return undefined;
  return loopbackRefusal(address, (name) => headers.get(name));
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
