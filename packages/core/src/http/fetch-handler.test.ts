import { expect, it } from 'vitest';
import { firstHandler, type FetchHandler } from './fetch-handler.ts';

const knows =
  (path: string, answer: string): FetchHandler =>
  async (request) =>
    new URL(request.url).pathname === path ? new Response(answer) : undefined;

it.for([
  ['/a', 'first', 'the first that knows the path answers, though another does too'],
  ['/b', 'second', 'the others are asked in order'],
  ['/c', undefined, 'nobody knows it'],
] as const)('%s → %s: %s', async ([path, answer]) => {
  const handler = firstHandler([knows('/a', 'first'), knows('/a', 'hidden'), knows('/b', 'second')]);
  const response = await handler(new Request(`http://localhost${path}`));
  expect(await response?.text()).toBe(answer);
});
