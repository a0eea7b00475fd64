import { parseDuration } from '../language/duration.ts';
import { parseGoFloat } from '../language/go-number.ts';

/** A request that cannot be read. Answered with 400. */
export class BadRequest extends Error {}

/** A parameter that cannot be read. */
export class BadParameter extends BadRequest {
  constructor(name: string, problem: string) {
    super(`invalid parameter "${name}": ${problem}`);
  }
}

/** Parameters of the query string, and of a form body after them. */
export async function readParameters(request: Request): Promise<URLSearchParams> {
  const parameters = new URL(request.url).searchParams;
  const isForm =
    request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true;
  if (request.method === 'POST' && isForm) {
    for (const [name, value] of new URLSearchParams(await request.text())) parameters.append(name, value);
  }
  return parameters;
}

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** Milliseconds of a parameter in Unix seconds or RFC 3339; `otherwise` when it is not given. */
export function timeParameter(parameters: URLSearchParams, name: string, otherwise?: number): number {
  const value = parameters.get(name) ?? '';
  if (value === '' && otherwise !== undefined) return otherwise;
  const seconds = parseGoFloat(value);
  const timeMs =
    seconds === undefined && RFC_3339.test(value) ? Date.parse(value) : (seconds ?? Number.NaN) * 1000;
  if (!Number.isFinite(timeMs) || !Number.isSafeInteger(Math.round(timeMs))) {
    throw new BadParameter(name, `cannot parse "${value.slice(0, 100)}" to a valid timestamp`);
  }
  return Math.round(timeMs);
}

/** Milliseconds of a parameter in seconds or as a duration such as `15s`. */
export function durationParameter(parameters: URLSearchParams, name: string): number {
  const value = parameters.get(name) ?? '';
  const seconds = parseGoFloat(value) ?? parseDuration(value);
  if (seconds === undefined || !Number.isFinite(seconds)) {
    throw new BadParameter(name, `cannot parse "${value.slice(0, 100)}" to a valid duration`);
  }
  return Math.round(seconds * 1000);
}

/** How many entries to answer at most; 0 and absence mean all. */
export function limitParameter(parameters: URLSearchParams): number {
  const value = parameters.get('limit');
  if (value === null || value === '') return Infinity;
  const limit = Number(value);
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new BadParameter('limit', 'limit must be non-negative');
  return limit === 0 ? Infinity : limit;
}
