import { ConfigError } from '@tidewatch/core';
import fc from 'fast-check';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadAutoscalerConfig } from './load-autoscaler-config.ts';

const articlePath = fileURLToPath(new URL('../../test/fixtures/article-config.yaml', import.meta.url));

const METRIC = `metrics:
  - name: qps
    query: sum(rate(http_requests_total[1m]))
    scale_up_threshold: 100
    scale_down_threshold: 30
`;
const SCALING = `scaling:
  max_replicas: 10
`;

describe('the article’s file, as printed', () => {
  const config = loadAutoscalerConfig(articlePath);

  it('loads with the meaning its author had', () => {
    expect(config).toMatchObject({ minReplicas: 1, maxReplicas: 10, cooldownMs: { up: 0, down: 300_000 } });
    expect(config.metrics).toMatchObject([
      { name: 'qps', up: 100, down: 30, per: 'replica', endpoint: 'http://localhost:9090/api/v1/query' },
      { name: 'gpu_utilization', up: 0.8, down: 0.3, per: 'total' },
    ]);
  });

  it('is warned about the rate of a gauge, with the mended query', () => {
    expect(config.warnings).toMatchObject([{ code: 'rate-of-gauge', path: 'metrics[1].query', line: 11 }]);
    for (const text of Object.values(config.warnings[0]?.message ?? {})) {
      expect(text).toContain('avg(avg_over_time(gpu_utilization[1m]))');
    }
  });
});

describe('a file that cannot be used', () => {
  it.for([
    // text                                               code            message                                   why
    ['metrics: [', 'syntax', 'config.yaml:1:'],
    ['metrics: *nowhere\n', 'syntax', 'nowhere'],
    ['\n', 'wrong-type', 'expected a mapping, got null'], //                                                          an empty file
    ['/no/such/file.yaml', 'unreadable', '(ENOENT); check the path'],
    [
      `${METRIC}scalng: {}\n${SCALING}`,
      'unknown-key',
      '6:1: scalng: unknown key "scalng"; did you mean "scaling"?',
    ],
    [
      `${METRIC}    querry: up\n${SCALING}`,
      'unknown-key',
      '6:5: metrics[0].querry: unknown key "querry"; did you mean "query"?',
    ],
    [
      `${METRIC}${SCALING}  cooldown: five\n`,
      'wrong-type',
      '8:3: scaling.cooldown: expected a number or a mapping, got "five"',
    ],
    [`${METRIC}${SCALING}  cooldown: {upp: 1}\n`, 'unknown-key', 'did you mean "up"?'],
    [
      `${METRIC}scaling: {max_replicas: 2.5}\n`,
      'wrong-type',
      'scaling.max_replicas: expected a whole number, got 2.5',
    ],
    [`${METRIC}scaling: {max_replicas: 0}\n`, 'out-of-range', 'expected a number of at least 1, got 0'],
    [`${METRIC}scaling: {}\n`, 'missing-key', '6:1: scaling.max_replicas: missing; expected a number'],
    [
      `${METRIC}scaling: {max_replicas: 2, min_replicas: 3}\n`,
      'contradiction',
      'min_replicas 3 is above max_replicas 2',
    ],
    [METRIC.replace('30', '100') + SCALING, 'contradiction', '100 is not below scale_up_threshold 100'],
    [
      `${METRIC}${METRIC.replace('metrics:\n', '')}${SCALING}`,
      'contradiction',
      'a second metric is called "qps"',
    ],
    [
      `${METRIC}    endpoint: localhost:9090\n${SCALING}`,
      'out-of-range',
      'expected an http:// or https:// address',
    ],
    [
      `${METRIC}${SCALING}time_windows: [{start: "25:00", end: "09:00"}]\n`,
      'out-of-range',
      'expected a time of day such as 08:30, got "25:00"',
    ],
    [
      `${METRIC}${SCALING}time_windows: [{start: 08:00, end: 09:00, timezone: Asia/Beijing}]\n`,
      'out-of-range',
      'unknown time zone "Asia/Beijing"',
    ],
    [
      `${METRIC}${SCALING}time_windows: [{start: 08:00, end: 09:00, days: mon-fry}]\n`,
      'out-of-range',
      'unknown day "mon-fry"',
    ],
    [
      `${METRIC}${SCALING}time_windows: [{start: 08:00, end: 09:00, thresholds: {qsp: {up: 2, down: 1}}}]\n`,
      'unknown-key',
      'no metric is called "qsp"; metrics here: qps',
    ],
    [
      `${METRIC}${SCALING}time_windows: [{start: 08:00, end: 09:00, min_replicas: 20}]\n`,
      'contradiction',
      'the minimum 20 is above the maximum 10',
    ],
  ] as const)('%j is refused as %s', ([text, code, message]) => {
    expect(() => loadAutoscalerConfig(text)).toThrow(ConfigError);
    expect(() => loadAutoscalerConfig(text)).toThrow(message);
    expect(() => loadAutoscalerConfig(text)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused with a ConfigError and nothing else, whatever it contains', () => {
    const odd = fc.constantFrom(
      'metrics',
      'scaling',
      'thresholds',
      'constructor',
      '__proto__',
      'a: *b',
      '[',
      '{',
    );
    const anyText = fc.oneof(
      fc.string(),
      odd,
      fc.object().map((value) => JSON.stringify(value)),
    );
    const anyWindow = fc.object({ key: fc.oneof(odd, fc.constantFrom('start', 'end', 'days')), maxDepth: 2 });
    const attempt = (text: string): unknown => {
      try {
        return loadAutoscalerConfig(text);
      } catch (error) {
        return error;
      }
    };
    fc.assert(
      fc.property(anyText, (text) => {
        expect(attempt(`${text}\n`)).toBeInstanceOf(ConfigError);
      }),
    );
    fc.assert(
      fc.property(anyWindow, (window) => {
        const result = attempt(`${METRIC}${SCALING}time_windows: [${JSON.stringify(window)}]\n`);
        expect(result).toBeInstanceOf(ConfigError);
      }),
    );
  });

  it('reports every fault at once, in the order of the file', () => {
    const text = `${METRIC.replace('name: qps', 'nam: qps')}scaling: {max_replicas: many}\nmodes: slo\n`;
    const lines = ((): readonly (number | undefined)[] => {
      try {
        loadAutoscalerConfig(text);
        return [];
      } catch (error) {
        return (error as ConfigError).issues.map(({ line }) => line);
      }
    })();
    expect(lines).toEqual([2, 2, 6, 7]);
  });
});

describe('extensions', () => {
  it('reads windows, steps, cooldowns per direction and a price', () => {
    const config = loadAutoscalerConfig(`${METRIC}scaling:
  max_replicas: 8
  cooldown: { up: 30, down: 600 }
  scale_up_step: auto
  scale_down_step: 2
time_windows:
  - { name: night, days: [fri-sun, tue], start: 22:00, end: 6:00, timezone: Asia/Shanghai, scale_up_threshold: 70, max_replicas: 3 }
interval: 5
price: { per_replica_hour: 2.5, currency: CNY }
`);
    expect(config).toMatchObject({
      cooldownMs: { up: 30_000, down: 600_000 },
      upStep: 'auto',
      downStep: 2,
      intervalMs: 5000,
      price: { perReplicaHour: 2.5, currency: 'CNY' },
      warnings: [],
    });
    expect(config.timeWindows).toEqual([
      {
        name: 'night',
        days: ['sun', 'tue', 'fri', 'sat'],
        startMinute: 1320,
        endMinute: 360,
        timezone: 'Asia/Shanghai',
        thresholds: { qps: { up: 70, down: 30 } },
        maxReplicas: 3,
      },
    ]);
  });

  it.for([
    // file                                                                       warning
    [METRIC + '    per: total\n' + SCALING, 'total-that-scaling-cannot-lower'],
    [METRIC.replace('30', '60') + SCALING, 'thresholds-too-close'],
    [
      `${METRIC}${SCALING}time_windows: [{start: 08:00, end: 09:00, thresholds: {qps: {up: 40, down: 30}}}]\n`,
      'thresholds-too-close',
    ],
    [METRIC.replace('30', '0') + SCALING, 'threshold-never-crossed'],
    [METRIC.replace('100', '0').replace('30', '-1') + SCALING, 'threshold-never-crossed'],
    [
      METRIC.replace('sum(rate(http_requests_total[1m]))', 'avg(gpu_utilization)') +
        `    per: replica\n${SCALING}`,
      'share-of-what-does-not-add-up',
    ],
    [
      `${METRIC}  - {name: p99, query: "histogram_quantile(0.99, x)", scale_up_threshold: 1, scale_down_threshold: 0.2}\n${SCALING}  time_windows: [{start: 08:00, end: 09:00, scale_up_threshold: 70}]\n`,
      'window-applies-to-first-metric',
    ],
    [
      `${METRIC}${SCALING}time_windows: [{start: 08:00, end: 12:00}, {start: 11:00, end: 13:00}]\n`,
      'windows-overlap',
    ],
  ] as const)('%j loads, and is warned about: %s', ([text, code]) => {
    expect(loadAutoscalerConfig(text).warnings.map((warning) => warning.code)).toEqual([code]);
  });
});

it('repeats no password of an address that it refuses', () => {
  const text =
    'metrics:\n  - name: qps\n    endpoint: htp://user:canary@host/\n    query: q\n    scale_up_threshold: 2\n    scale_down_threshold: 1\nscaling: { max_replicas: 2 }\n';
  let message = '';
  try {
    loadAutoscalerConfig(text);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toContain('metrics[0].endpoint');
  expect(message).not.toContain('canary');
  expect(() => loadAutoscalerConfig(text.replace('htp://user:canary@host/', '"http://["'))).toThrow(
    'an http:// or https:// address',
  );
});
