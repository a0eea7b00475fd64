import { expect, it } from 'vitest';
import { panels } from '../panels/panels.ts';
import type { ListData, PanelData } from './page-data.ts';
import { verdict, type VerdictInput } from './verdict.ts';
import type { AlertView } from './views.ts';

const well = { accuracy: 0.94, p99: 0.048, throughput: 120, replicas: 2 };
const noAlerts: ListData<AlertView> = { state: 'ok', items: [], dropped: 0 };

function input(
  figures: Readonly<Record<string, number | 'error'>>,
  alerts: ListData<AlertView> = noAlerts,
): VerdictInput {
  const entries = Object.entries(figures).map(([id, value]): [string, PanelData] => [
    id,
    value === 'error'
      ? { state: 'error' }
      : { state: 'ok', latest: [{ target: 0, labels: {}, value }], series: [], dropped: 0 },
  ]);
  return { panels, data: Object.fromEntries(entries), alerts };
}

function alerts(...states: readonly AlertView['state'][]): ListData<AlertView> {
  const items = states.map((state, index) => ({
    name: `Alert${index}`,
    state,
    labels: {},
    annotations: {},
    activeAtMs: 0,
    deliveredTo: [],
  }));
  return { state: 'ok', items, dropped: 0 };
}

it.for([
  // figures, alerts                                                    level      reason             why the row is here
  [input(well), 'good', 'all-well'],
  [input(well, { state: 'not-configured' }), 'good', 'all-well'], // no alerting is no alarm
  [input(well, alerts('resolved')), 'good', 'all-well'], // over is over
  [input(well, alerts('pending')), 'warning', 'pending'],
  [input(well, alerts('pending', 'firing')), 'bad', 'firing'],
  [input({ ...well, accuracy: 'error' }, alerts('firing')), 'bad', 'firing'], // an alarm outranks blindness
  [input({ ...well, accuracy: 'error' }), 'unknown', 'queries-failing'], // unknown is not well
  [input({ ...well, p99: 'error', accuracy: 0.5 }), 'unknown', 'queries-failing'],
  [input(well, { state: 'error' }), 'unknown', 'queries-failing'], // alerts unreadable: there may be one
  [input({ ...well, accuracy: 0.8 }), 'warning', 'over-threshold'],
  [input({ ...well, 'idle-replicas': 3 }), 'warning', 'over-threshold'],
  [input({ ...well, throughput: 0 }), 'unknown', 'no-traffic'], // nothing asked, nothing proven
  [input({}), 'unknown', 'no-traffic'],
] as const)('row %#', ([given, level, reason]) => {
  expect(verdict(given)).toMatchObject({ level, reason });
});

it('says it in both languages, with the figures behind the alarm', () => {
  expect(verdict(input({ ...well, accuracy: 0.772 }, alerts('firing'))).sentence).toEqual({
    'zh-CN': '1 项告警中：Alert0。准确率 77.2%，低于 85.0%',
    en: '1 firing: Alert0. Accuracy 77.2%, below 85.0%',
  });
  expect(verdict(input(well)).sentence.en).toBe(
    'All well: Accuracy 94.0%, Latency P99 48.0 ms, Throughput 120 /s, Replicas 2',
  );
});

it('spells out three alerts and says that there are more', () => {
  const many = alerts('firing', 'firing', 'firing', 'firing', 'firing');
  expect(verdict(input(well, many)).sentence.en).toBe('5 firing: Alert0, Alert1, Alert2 …');
});
