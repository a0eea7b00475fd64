import { manualClock } from '@tidewatch/core/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startCatService } from './cat-service.ts';

it('keeps its history over a restart when it has a folder', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tidewatch-history-'));
  onTestFinished(async () => rm(dataDir, { recursive: true, force: true }));
  const clock = manualClock(1_700_000_000_000);

  const before = await startCatService({ dataDir, clock });
  before.watch.monitor.record({ predicted: 'cat', actual: 'cat' });
  await clock.advance(1_500);
  const collectedMs = clock.now();
  await before.watch.close();

  await clock.advance(600_000);
  const after = await startCatService({ dataDir, clock });
  const [sample] = await after.watch.query('last_over_time(classification_accuracy[10s])', collectedMs);
  expect(sample?.value).toBe(1);
  expect(await after.watch.query('classification_accuracy', clock.now())).toEqual([]);
});
