import { systemClock, type Clock } from '@tidewatch/core';
import { startHttpDouble, type DoubleRequest } from './http-double.ts';

/** What a double makes of a request: a message it takes, or the reason why it does not. */
export type Judgement<Message> =
  | { readonly accept: Message; readonly status?: number; readonly answer: object | string }
  | {
      readonly refuse: string;
      readonly status: number;
      readonly answer: object | string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** A service on this machine that refuses what the real one refuses. */
export interface ServiceDouble<Message> extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly received: readonly Message[];
  readonly refused: readonly string[];
}

/** Starts a service that judges each request, and tells its own time. */
export async function startServiceDouble<Message>(
  judge: (request: DoubleRequest, nowMs: number) => Judgement<Message>,
  clock: Clock = systemClock,
): Promise<ServiceDouble<Message>> {
  const received: Message[] = [];
  const refused: string[] = [];
  const server = await startHttpDouble((request) => {
    const nowMs = clock.now();
    const judgement = judge(request, nowMs);
    const { answer } = judgement;
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
    const date = { date: new Date(nowMs).toUTCString() };
    if ('accept' in judgement) {
      received.push(judgement.accept);
      return { status: judgement.status ?? 200, body, headers: date };
    }
    refused.push(judgement.refuse);
    return { status: judgement.status, body, headers: { ...date, ...judgement.headers } };
  });
  return { origin: server.origin, received, refused, [Symbol.asyncDispose]: () => server.close() };
}

/** Whether an attempt is one too many within the window; attempts that are refused count as well. */
export function slidingWindow(count: number, perMs: number): (nowMs: number) => boolean {
  let attemptsAtMs: number[] = [];
  return (nowMs) => {
    attemptsAtMs = [...attemptsAtMs.filter((atMs) => atMs > nowMs - perMs), nowMs];
    return attemptsAtMs.length > count;
  };
}

/** The JSON of a request; an empty object when it is none. */
export function bodyOf(request: DoubleRequest): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(request.body) as Record<string, unknown>;
  } catch {
    return {};
  }
}
