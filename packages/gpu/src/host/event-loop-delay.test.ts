import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { measureEventLoopDelay } from './event-loop-delay.ts';

it('sees a block of the event loop, without the 20 ms that Node counts along', async () => {
  const delay = measureEventLoopDelay();
  onTestFinished(() => delay.close());
  expect(delay.take()).toBeUndefined(); // no timer has fired yet: absent, not 0
  await sleep(50); // two timers fire, as real time is what is measured
  const until = performance.now() + 100;
  while (performance.now() < until);
  await sleep(50);
  expect(delay.take()?.['1']).toBeGreaterThan(0.05);
});
