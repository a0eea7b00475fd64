import { silentLogger } from '@tidewatch/core';
import { expect, it } from 'vitest';
import { openParts } from './open-parts.ts';

it('closes in reverse, whatever one of them does, and once', async () => {
  const closed: string[] = [];
  const logged: object[] = [];
  const parts = openParts({ ...silentLogger, error: (fields) => void logged.push(fields) });
  const close = async (name: string): Promise<void> => {
    closed.push(name);
    if (name === 'reader') throw new Error('stuck');
  };
  for (const name of ['store', 'reader', 'alerting']) expect(parts.add(name, close)).toBe(name);

  await Promise.all([parts.close(), parts.close()]);
  await parts.close();

  expect(closed).toEqual(['alerting', 'reader', 'store']);
  expect(logged).toEqual([{ error: new Error('stuck') }]);
});

it('closes nothing when nothing was opened', async () => {
  await expect(openParts(silentLogger).close()).resolves.toBeUndefined();
});
