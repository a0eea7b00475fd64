import { describe, expect, it } from 'vitest';
import type { Tidewatch } from 'tidewatch';
import type { RunReport } from '../src/demo/measure-run.ts';
import { progressLine } from '../src/demo/progress-line.ts';
import { demoTexts } from '../src/demo/texts.ts';
import { noTraffic } from '../src/traffic/traffic-counts.ts';

const progress = { elapsedMs: 61_400, scheduledRps: 1, cpuSeconds: 1, counts: { ...noTraffic(), sent: 7 } };

function watchThat(facts: { accuracy?: number; p99?: number; ready?: number; alerts?: string[] }): Tidewatch {
  const { accuracy, p99, ready, alerts = [] } = facts;
  return {
    monitor: {
      snapshot: () => ({
        accuracy: accuracy === undefined ? undefined : { value: accuracy },
        latencySeconds: p99 === undefined ? undefined : { p99 },
      }),
    },
    autoscaler: ready === undefined ? undefined : { status: () => ({ replicas: { ready } }) },
    alerting: {
      alerts: () => [
        ...alerts.map((name) => ({ name, state: 'firing' })),
        { name: 'Waiting', state: 'pending' },
        { name: 'Over', state: 'resolved' },
      ],
    },
  } as unknown as Tidewatch;
}

describe('the progress line', () => {
  it('says what is known', () => {
    const watch = watchThat({ accuracy: 0.905, p99: 0.0123, ready: 3, alerts: ['LowAccuracy'] });
    expect(progressLine(watch, progress, demoTexts.en)).toBe(
      '61 s · 7 requests, 0 failed · accuracy 90.5 % · P99 12 ms · replicas 3 · FIRING LowAccuracy',
    );
    expect(progressLine(watch, progress, demoTexts['zh-CN'])).toBe(
      '61 秒 · 请求 7,失败 0 · 准确率 90.5 % · P99 12 ms · 实例 3 · 告警中 LowAccuracy',
    );
  });

  it('has a dash for what is not measured yet: absent is not 0', () => {
    expect(progressLine(watchThat({}), progress, demoTexts.en)).toBe(
      '61 s · 7 requests, 0 failed · accuracy – · P99 – · replicas –',
    );
  });
});

const report: RunReport = {
  requests: 10,
  failed: 1,
  accuracyBefore: 0.9,
  accuracyAfter: null,
  alerts: [],
  replicas: { min: 1, max: 3, changes: 2 },
  decisions: 5,
  p99Seconds: 0.1,
  pageUrl: '',
};

describe('the texts', () => {
  it('end with a summary in which the unmeasured is a dash', () => {
    expect(demoTexts.en.summary(report, { dingtalk: 2, sms: 0 })).toBe(
      '10 requests, 1 failed; accuracy 90.0 % before the lens got dirty, – after; ' +
        '1 to 3 replicas in 2 changes; messages delivered: dingtalk 2, sms 0',
    );
  });

  it('know that replicas may be unmeasured, too', () => {
    const unscaled = { ...report, replicas: { min: null, max: null, changes: 0 } };
    expect(demoTexts.en.summary(unscaled, {})).toContain('– to – replicas in 0 changes');
  });

  it('say everything in both languages, and nothing in the wrong one', () => {
    const said = (locale: 'en' | 'zh-CN'): string[] => {
      const texts = demoTexts[locale];
      return [
        texts.training,
        texts.starting,
        texts.trained(0.9, 1),
        texts.page(''),
        texts.refused(''),
        texts.summary(report, {}),
        progressLine(watchThat({}), progress, texts),
      ];
    };
    const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);
    expect(said('en')).toHaveLength(Object.keys(demoTexts.en).length);
    expect(said('en').filter(isChinese)).toEqual([]);
    expect(said('zh-CN').filter((text) => !isChinese(text))).toEqual([]);
  });
});
