import { expect, it } from 'vitest';
import { createClassifierMonitor } from '../monitor/classifier-monitor.ts';
import { manualClock } from '../testing/manual-clock.ts';
import { snapshotTable } from './snapshot-table.ts';
import { displayWidth } from './text-table.ts';

async function watched() {
  const clock = manualClock(1_000_000);
  const monitor = createClassifierMonitor({
    model: 'pets',
    classes: ['cat', 'dog', '狗熊'],
    segments: [{ name: 'country' }],
    topK: [2],
    baselineAccuracy: 0.9,
    clock,
  });
  const scores = { cat: [0.7, 0.2, 0.1], dog: [0.3, 0.6, 0.1] };
  for (let i = 0; i < 20; i += 1) {
    const predicted = i < 15 ? 'cat' : 'dog';
    const common = {
      predicted,
      scores: scores[predicted],
      durationSeconds: 0.02,
      segments: { country: 'de' },
    };
    if (i % 2 === 0) monitor.record({ ...common, actual: i < 16 ? 'cat' : 'dog' });
    else monitor.record({ ...common, id: String(i) });
  }
  await clock.advance(10_000);
  return monitor.snapshot();
}

it('prints what is known, and unknown where it is undefined', async () => {
  expect(`\n${snapshotTable(await watched())}\n`).toBe(`
pets, the last 5 min

accuracy             100.0 %  72.2 % to 100.0 %, 10 of 20 labelled
balanced accuracy    100.0 %  59.3 % to 100.0 %
F1, mean of classes  100.0 %  62.5 % to 100.0 %
MCC                    1.000  -0.026 to 1.000
kappa                  1.000  -0.026 to 1.000
among the 2 best     100.0 %
log loss               0.388
Brier score            0.164
calibration error      0.320
ROC-AUC                1.000  exact within 0
average precision      1.000  exact within 0
latency p99          20.0 ms  p50 20.0 ms, p95 20.0 ms
throughput              2.00  /s
waiting for labels        10
drift                   none

class  precision   recall       F1  labelled
cat      100.0 %  100.0 %  100.0 %         8
dog      100.0 %  100.0 %  100.0 %         2
狗熊     unknown  unknown  unknown         0

segment     accuracy  labelled
country=de   100.0 %        10
`);
});

it('prints the same in Chinese, with columns that stand below each other', async () => {
  const lines = snapshotTable(await watched(), { locale: 'zh-CN' }).split('\n');
  expect(lines[0]).toBe('pets,最近 5 分钟');
  const classes = lines.slice(
    lines.findIndex((line) => line.startsWith('类别')),
    -3,
  );
  expect(classes.length).toBe(4);
  expect(new Set(classes.map(displayWidth)).size).toBe(1);
  expect(lines.join('\n')).not.toMatch(/labelled|unknown|accuracy/);
});

it('says that nothing is known of a monitor that saw nothing', () => {
  const table = snapshotTable(createClassifierMonitor({ model: 'm', clock: manualClock(0) }).snapshot());
  expect(table).toBe('m, the last 5 min\n\naccuracy  unknown  0 of 0 labelled');
});

it('keeps names on their line: at most twenty of them, none longer than forty characters', () => {
  const monitor = createClassifierMonitor({ model: 'm' });
  for (let i = 0; i < 50; i += 1) monitor.record({ predicted: `a\n\u001B[31m${i}`, actual: 'x'.repeat(200) });
  const lines = snapshotTable(monitor.snapshot()).split('\n');
  expect(lines.length).toBeLessThan(40);
  expect(lines.every((line) => !line.includes('\u001B') && line.length < 100)).toBe(true);
});
