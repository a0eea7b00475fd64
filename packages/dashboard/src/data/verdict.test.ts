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
  ['all figures in bounds', input(well), 'good', 'all-well'],
  ['no alerting is no alarm', input(well, { state: 'not-configured' }), 'good', 'all-well'],
  ['a resolved alert is over', input(well, alerts('resolved')), 'good', 'all-well'],
  ['a pending alert warns', input(well, alerts('pending')), 'warning', 'pending'],
  ['firing outranks pending', input(well, alerts('pending', 'firing')), 'bad', 'firing'],
  ['an alarm outranks blindness', input({ ...well, accuracy: 'error' }, alerts('firing')), 'bad', 'firing'],
  ['unknown is not well', input({ ...well, accuracy: 'error' }), 'unknown', 'queries-failing'],
  ['blind beside a bad figure', input({ p99: 'error', accuracy: 0.5 }), 'unknown', 'queries-failing'],
  ['unreadable alerts may be firing', input(well, { state: 'error' }), 'unknown', 'queries-failing'],
  ['accuracy below its limit', input({ ...well, accuracy: 0.8 }), 'warning', 'over-threshold'],
  ['a limit away from the first row', input({ ...well, 'idle-replicas': 3 }), 'warning', 'over-threshold'],
  ['nothing asked, nothing proven', input({ ...well, throughput: 0 }), 'unknown', 'no-traffic'],
  ['no figures at all', input({}), 'unknown', 'no-traffic'],
] as const)('%s', ([, given, level, reason]) => {
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
