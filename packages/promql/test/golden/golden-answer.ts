import type { GoldenRequest } from './golden-requests.ts';

/** What was answered: what is compared, byte for byte. */
export interface GoldenAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

/** The request as text: the name of its answer in the recording. */
export function nameOf({ method, path, form }: GoldenRequest): string {
  return `${method} ${path}${form === undefined ? '' : ` ${form}`}`;
}

/** As the request of a client. */
export function toRequest({ method, path, form }: GoldenRequest, base: string): Request {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const init = form === undefined ? { method } : { method, headers, body: form };
  return new Request(`${base}/api/v1/${path}`, init);
}

export async function readAnswer(response: Response): Promise<GoldenAnswer> {
  const contentType = response.headers.get('content-type');
  return { status: response.status, contentType, body: await response.text() };
}
