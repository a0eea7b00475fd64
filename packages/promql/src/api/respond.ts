import { setImmediate as nextTurn } from 'node:timers/promises';
import { textResponse } from '@tidewatch/core';
import type { Answer } from './answers.ts';

/** Characters that are written in one turn of the event loop: well under a millisecond of work. */
const CHARACTERS_A_TURN = 65_536;

/**
 * The JSON response to a request. A short body is sent as a whole; a long one is written in turns as the client takes
 * it, so that neither the event loop nor the memory carries it at once.
 */
export function respond(request: Request, { status, pieces, headers: more }: Answer): Response {
  if (status === 204) return new Response(null, { status });
  const headers = { 'content-type': 'application/json', ...more };
  const source = pieces[Symbol.iterator]();
  const first = take(source);
  if (first.isLast) return textResponse(request, first.text, { status, headers });
  const encoder = new TextEncoder();
  let next: Chunk = first;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        controller.enqueue(encoder.encode(next.text));
        if (next.isLast) {
          controller.close();
          return;
        }
        await nextTurn();
        next = take(source);
      },
      cancel() {
        source.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status, headers });
}

interface Chunk {
  readonly text: string;
  readonly isLast: boolean;
}

function take(pieces: Iterator<string>): Chunk {
  let text = '';
  while (text.length < CHARACTERS_A_TURN) {
    const { value, done } = pieces.next();
    if (done === true) return { text, isLast: true };
    text += value;
  }
  return { text, isLast: false };
}
