import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { countTurns } from '../../test/count-turns.ts';
import { respond } from './respond.ts';

const REQUEST = new Request('http://localhost/');

function* pieces(count: number, onPiece: (at: number) => void = () => {}): Generator<string, void> {
  for (let at = 0; at < count; at++) {
    onPiece(at);
    yield 'x'.repeat(1000);
  }
}

it('sends a short body as a whole', async () => {
  const response = respond(REQUEST, { status: 200, pieces: pieces(3) });
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.text()).toHaveLength(3000);
});

it('lets the event loop turn while it writes a long body', async () => {
  const { turns, value: text } = await countTurns(
    respond(REQUEST, { status: 200, pieces: pieces(10_000) }).text(),
  );
  expect(text).toHaveLength(10_000_000);
  // 10 MB in chunks of 64 KiB.
  expect(turns).toBeGreaterThan(150);
});

it('writes no further than the client reads', async () => {
  let written = 0;
  const response = respond(REQUEST, { status: 200, pieces: pieces(10_000, (at) => (written = at)) });
  const reader = response.body?.getReader();
  await reader?.read();
  await nextTurn();
  expect(written).toBeLessThan(250);
  await reader?.cancel();
  await nextTurn();
  expect(written).toBeLessThan(250);
});
