import type { Call, CommandHost } from './call.ts';
import { CommandUsageError } from './call.ts';
import { readToken } from './read-token.ts';

/** A running service that has Tidewatch in it, as a command talks to it. */
export interface ServiceClient {
  readonly url: string;
  /** @throws {@link ServiceError} when it does not answer as it should. */
  ask(
    path: string,
    options?: { readonly method?: 'POST' | 'DELETE'; readonly body?: unknown },
  ): Promise<unknown>;
}

/** The service could not be asked, or would not; the message says what to do. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** Absent: there was no answer. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

const DEFAULT_URL = 'http://127.0.0.1:3000';
const TIMEOUT_MS = 10_000;

/**
 * Where `--url` or `TIDEWATCH_URL` says, with the token of `--token-file`, `--token` or `TIDEWATCH_TOKEN`.
 *
 * @throws {@link CommandUsageError} for an address that is none.
 */
export function serviceClient(call: Call, { env, signal }: CommandHost): ServiceClient {
  const { texts, tokenFile } = call;
  const url = (call.url ?? env['TIDEWATCH_URL'] ?? DEFAULT_URL).replace(/\/+$/, '');
  const parsedUrl = URL.canParse(url) ? new URL(url) : undefined;
  if (parsedUrl === undefined || !/^https?:$/.test(parsedUrl.protocol))
    throw new CommandUsageError(texts.badOption('--url', [DEFAULT_URL], url));
  // Neither fetch nor we want a password there, and it is not to be printed.
  if (parsedUrl.username !== '' || parsedUrl.password !== '')
    throw new CommandUsageError(texts.badOption('--url', [parsedUrl.origin], '…@…'));
  const token = tokenFile === undefined ? (call.token ?? env['TIDEWATCH_TOKEN']) : readToken(tokenFile, call);
  const stop = signal ?? new AbortController().signal;

  return {
    url,
    async ask(path, { method, body } = {}) {
      let response: Response;
      let text: string;
      try {
        response = await fetch(`${url}${path}`, {
          method: method ?? 'GET',
          redirect: 'error',
          headers: {
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]),
        });
        text = await response.text();
      } catch (error) {
        throw new ServiceError(texts.noService(url, codeOf(error)));
      }
      const { status } = response;
      const answer = parsed(text);
      if (status === 401 || status === 403) throw new ServiceError(texts.notAllowed(url, status), status);
      if (response.ok && (text === '' || answer !== undefined)) return answer;
      // Its own refusals are JSON texts; whatever else answers is somebody else.
      if (typeof answer === 'string') throw new ServiceError(answer, status);
      throw new ServiceError(texts.otherService(url, status), status);
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The code alone: a message may hold what it was called with. */
function codeOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: unknown; message?: string } };
  if (typeof cause?.code === 'string') return cause.code;
  // Ports of other protocols, which fetch does not ask.
  if (cause?.message === 'bad port') return cause.message;
  return name === 'TimeoutError' ? `${TIMEOUT_MS / 1000} s` : name;
}
