import { parseDuration } from '../language/duration.ts';
import { parseGoFloat } from '../language/go-number.ts';

/** A request that cannot be read. Answered with 400. */
export class BadRequest extends Error {}

/** A form that is larger than anybody writes. Answered with 413. */
export class BodyTooLarge extends Error {}

/** A parameter that cannot be read. */
export class BadParameter extends BadRequest {
  constructor(name: string, problem: string) {
    super(`invalid parameter "${name}": ${problem}`);
  }
}

/**
 * A body is refused from here on. `toNodeHandler` cuts it at 1 MiB without a word about why; one chunk of a socket has at
 * most 64 KiB, so this limit is always met first.
 */
const MAX_FORM_BYTES = 960 * 1024;

/** Parameters of a form body, and of the query string after them: the first of a name counts. */
export async function readParameters(request: Request, inAddress: URLSearchParams): Promise<URLSearchParams> {
  const isForm =
    request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true;
  if (request.method !== 'POST' || !isForm) return inAddress;
  const parameters = new URLSearchParams(await readBody(request));
  for (const [name, value] of inAddress) parameters.append(name, value);
  return parameters;
}

async function readBody(request: Request): Promise<string> {
  const problem = `the body is larger than ${MAX_FORM_BYTES} bytes`;
  if (Number(request.headers.get('content-length') ?? 0) > MAX_FORM_BYTES) throw new BodyTooLarge(problem);
  if (request.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.length;
    if (bytes > MAX_FORM_BYTES) throw new BodyTooLarge(problem);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** Milliseconds of a time in Unix seconds or RFC 3339; `undefined` for text that is none. */
function parseTime(text: string): number | undefined {
  const seconds = parseGoFloat(text);
  const timeMs =
    seconds === undefined && RFC_3339.test(text) ? Date.parse(text) : (seconds ?? Number.NaN) * 1000;
  const whole = Math.round(timeMs);
  return Number.isSafeInteger(whole) ? whole : undefined;
}

/** A time that must be given, in milliseconds. */
export function timeParameter(parameters: URLSearchParams, name: string): number {
  const value = parameters.get(name) ?? '';
  const timeMs = parseTime(value);
  if (timeMs === undefined) throw new BadParameter(name, `cannot parse ${shown(value)} to a valid timestamp`);
  return timeMs;
}

/** A time that may be given, in milliseconds. */
export function optionalTime(parameters: URLSearchParams, name: string, otherwise: number): number {
  const value = parameters.get(name) ?? '';
  if (value === '') return otherwise;
  const timeMs = parseTime(value);
  if (timeMs === undefined) {
    const problem = `invalid time value for '${name}': cannot parse ${shown(value)} to a valid timestamp`;
    throw new BadParameter(name, problem);
  }
  return timeMs;
}

/** Seconds that fit into Go's nanoseconds. */
const MAX_SECONDS = 2 ** 63 / 1e9;

/** Milliseconds of a duration in seconds or such as `15s`. @throws {@link BadRequest} with what `wrap` makes of it. */
function parseSpan(value: string, wrap: (problem: string) => BadRequest): number {
  const seconds = parseGoFloat(value) ?? parseDuration(value);
  if (seconds === undefined) throw wrap(`cannot parse ${shown(value)} to a valid duration`);
  if (!(Math.abs(seconds) < MAX_SECONDS)) {
    throw wrap(`cannot parse ${shown(value)} to a valid duration. It overflows int64`);
  }
  return Math.round(seconds * 1000);
}

/** A duration that must be given, in milliseconds. */
export function durationParameter(parameters: URLSearchParams, name: string): number {
  return parseSpan(parameters.get(name) ?? '', (problem) => new BadParameter(name, problem));
}

/** How long a query may take, at most; absent when the request does not say. */
export function timeoutParameter(parameters: URLSearchParams): number | undefined {
  return (parameters.get('timeout') ?? '') === '' ? undefined : durationParameter(parameters, 'timeout');
}

/** How long a sample stands for the present; absent when the request does not say, or says 0. */
export function lookbackParameter(parameters: URLSearchParams): number | undefined {
  const value = parameters.get('lookback_delta') ?? '';
  if (value === '') return undefined;
  const lookbackMs = parseSpan(
    value,
    (problem) => new BadRequest(`error parsing lookback delta duration: ${problem}`),
  );
  return lookbackMs > 0 ? lookbackMs : undefined;
}

/** How many entries to answer at most; 0 and absence mean all. */
export function limitParameter(parameters: URLSearchParams): number {
  const value = parameters.get('limit') ?? '';
  if (value === '') return Infinity;
  if (!/^[+-]?\d+$/.test(value)) {
    throw new BadParameter('limit', `strconv.Atoi: parsing ${shown(value)}: invalid syntax`);
  }
  const limit = Number(value);
  if (limit < 0) throw new BadParameter('limit', 'limit must be non-negative');
  return limit === 0 ? Infinity : limit;
}

/** A number of `metadata`, which has words of its own; none below 1. */
export function countParameter(parameters: URLSearchParams, name: string): number {
  const value = parameters.get(name) ?? '';
  if (value === '') return Infinity;
  if (!/^[+-]?\d+$/.test(value)) throw new BadRequest(`${name} must be a number`);
  const count = Number(value);
  return count > 0 ? count : Infinity;
}

/** A value in an error, cut where it gets long. */
function shown(value: string): string {
  return `"${value.slice(0, 100).replaceAll(/["\\]/g, '\\$&')}"`;
}
