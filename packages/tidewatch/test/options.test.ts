import { loadRules } from '@tidewatch/alerts';
import { ConfigError } from '@tidewatch/core';
import type { GpuSource } from '@tidewatch/gpu';
import { loadAutoscalerConfig, simulatedTarget } from '@tidewatch/scaler';
import { createTidewatch, type TidewatchOptions } from 'tidewatch';
import { expect, it } from 'vitest';

/** Takes down whether it was started and closed. */
function watchedGpu() {
  const calls: string[] = [];
  const source: GpuSource = {
    name: 'watched',
    async read() {
      calls.push('read');
      return { ok: true, devices: [], unidentified: [] };
    },
    async close() {
      calls.push('close');
    },
  };
  return { source, calls };
}

const metric = 'name: one, type: external, scale_up_threshold: 5, scale_down_threshold: 1';
const autoscaler = (query: string) =>
  loadAutoscalerConfig(`metrics:
  - { ${metric}, query: '${query}' }
scaling: { max_replicas: 2, min_replicas: 1, cooldown: 1 }
`);
const config = autoscaler('vector(1)');
const target = simulatedTarget();
const badRule = loadRules(`groups:
  - name: g
    rules: [{ alert: A, expr: 'up ==' }]
`);

// Each is refused before anything is started, with these words.
it.for([
  // option                        what a person slips                                     what the error says
  [{ acces: 'any' }, 'createTidewatch: acces: there is no such option; did you mean "access"?'],
  [
    { access: 'lopback' },
    'createTidewatch: access: expected "loopback", "any", { token } or a function, got "lopback"',
  ],
  [{ access: { token: 'short' } }, 'createTidewatch: access.token: expected at least 16 characters, got 5'],
  [{ access: { tokn: 'x' } }, 'createTidewatch: access: expected "loopback", "any", { token } or a function'],
  [{ locale: 'zh' }, 'createTidewatch: locale: expected "en" or "zh-CN", got "zh"'],
  [
    { collectIntervalMs: 0 },
    'createTidewatch: collectIntervalMs: expected milliseconds from 1 to 2147483647, got 0',
  ],
  [
    { source: 'http://prometheus:9090' },
    'createTidewatch: source.query: expected a function; pass prometheus({ url })',
  ],
  [
    { alerting: null },
    "createTidewatch: alerting: expected an object, got null; pass { rules: 'alert_rules.yml' }",
  ],
  [{ alerting: 'alert_rules.yml' }, 'createTidewatch: alerting: expected an object, got "alert_rules.yml"'],
  [{ autoscaling: 'config.yaml' }, 'createTidewatch: autoscaling: expected an object, got "config.yaml"'],
  [{ gpu: false }, "createTidewatch: gpu: expected an object, got false; pass { source: 'off' }"],
  [{ labels: { zone: 1 } }, 'createTidewatch: labels: expected texts by the names of labels, got an object'],
  [
    { clock: Date },
    'createTidewatch: clock: expected an object with the functions now, sleep, got a function',
  ],
  [
    { logger: 'info' },
    'createTidewatch: logger: expected an object with the functions debug, info, warn, error',
  ],
  [{ alerting: { rules: 5 } }, 'createTidewatch: alerting.rules: expected a path, loaded rules, or a list'],
  [
    { alerting: { route: { receiver: 'a' }, receivers: { a: {} } } },
    'createTidewatch: alerting.receivers: expected lists of channels by the name of the receiver, got an object',
  ],
  [
    { alerting: { fallback: 'dingtalk' } },
    'createTidewatch: alerting.fallback: expected a list, got "dingtalk"',
  ],
  [{ alerting: { escalations: { afterMs: 3 } } }, 'createTidewatch: alerting.escalations: expected a list'],
  [
    { alerting: { noData: 'keeep' } },
    'alerting.noData: expected "resolve" or "keep" or "alert", got "keeep"',
  ],
  [{ alerting: { metaAlerts: false } }, 'alerting.metaAlerts: expected "notify" or "off", got false'],
  [{ windowMs: -1 }, 'createClassifierMonitor: windowMs: expected milliseconds above 0, got -1'],
  [
    { gpu: { source: 'nvlm' } },
    'createGpuMonitor options: source: expected "auto", "nvml", "nvidia-smi", "off", got "nvlm"; did you mean "nvml"?',
  ],
  [
    { alerting: { reciever: {} } },
    'createTidewatch: alerting.reciever: there is no such option; did you mean "receivers"?',
  ],
  [
    { alerting: { receivers: {} } },
    'createTidewatch: alerting.route: missing, while alerting.receivers is given; give both, as receiversFromConfig() does',
  ],
  [
    { alerting: { route: { receiver: 'a' } } },
    'createTidewatch: alerting.receivers: missing, while alerting.route is given',
  ],
  [
    { alerting: { route: { receiver: 'oncall' }, receivers: { 'on-call': [] } } },
    'createAlerting: route.receiver: there is no receiver "oncall"; did you mean "on-call"?',
  ],
  [
    { alerting: { rules: 'no-such-rules.yml' } },
    'no-such-rules.yml: cannot read "no-such-rules.yml" (ENOENT)',
  ],
  [{ alerting: { rules: badRule } }, 'groups[0].rules[0].expr: not a PromQL expression: '], // loaded without its parser
  [
    { autoscaling: { config: 'config.yaml', target } },
    `createTidewatch: autoscaling.config: expected a loaded configuration, got "config.yaml"; pass loadAutoscalerConfig('config.yaml')`,
  ],
  [
    { autoscaling: { config, target: {} } },
    'createTidewatch: autoscaling.target.observe: expected a function; pass a ScaleTarget',
  ],
  [{ autoscaling: { config } }, 'createTidewatch: autoscaling.target.observe: expected a function'],
  [
    { autoscaling: { config: autoscaler('sum('), target } },
    'config.yaml: metrics[0].query: not a PromQL expression: ',
  ],
  [
    { autoscaling: { config, target, stateStore: 'state' } },
    "createTidewatch: autoscaling.stateStore.load: expected a function; pass fileStateStore('state')",
  ],
  [
    { autoscaling: { config, target, history: 'http://prometheus' } },
    'createTidewatch: autoscaling.history: expected a function, got "http://prometheus"; pass a RangeQuery',
  ],
  [
    { alerting: { store: '/var/lib/tidewatch' } },
    `createTidewatch: alerting.store: expected "memory" or { dir: 'FOLDER' }, got "/var/lib/tidewatch"`,
  ],
  [
    { alerting: { escalations: [{ receiver: 'boss', afterMs: 1 }] } },
    'createAlerting: escalations[0].receiver: there is no receiver "boss"',
  ],
  [
    {
      autoscaling: {
        config: loadAutoscalerConfig(`metrics:
  - { ${metric}, query: 'vector(1)', per: replica }
scaling: { max_replicas: 2 }
slo: { max_latency: 500, latency_query: 'sum(' }
`),
        target,
      },
    },
    'config.yaml: slo.latency_query: not a PromQL expression: ',
  ],
  [
    { autoscaling: { config, target, dryrun: true } },
    'createTidewatch: autoscaling.dryrun: there is no such option; did you mean "dryRun"?',
  ],
] as [object, string][])('$1', async ([options, says]) => {
  const { source, calls } = watchedGpu();
  const created = createTidewatch({ model: 'cats', gpu: { source }, ...options });
  const error: unknown = await created.then(
    (watch) => watch.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).message).toContain(says);
  expect(calls).toEqual([]);
});

it.for([[undefined], [null], ['cats']] as const)(
  'refuses %j in the place of the options',
  async ([options]) => {
    await expect(createTidewatch(options as never)).rejects.toThrow(
      'createTidewatch: options: expected an object, got ',
    );
  },
);

it('names the folder that was asked for when it cannot be used', async () => {
  const created = createTidewatch({ model: 'cats', gpu: { source: 'off' }, dataDir: '/dev/null/folder' });
  await expect(created).rejects.toThrow(/^(createTidewatch|createStore): dataDir: .*"\/dev\/null\/folder/);
});

it('names every option that is wrong at once', async () => {
  const options = { model: 'cats', acces: 'any', locale: 'zh' } as unknown as TidewatchOptions;
  await expect(createTidewatch(options)).rejects.toMatchObject({
    issues: [{ path: 'acces' }, { path: 'locale' }],
  });
});

it('closes what it had to start before a fault could be found', async () => {
  const { source, calls } = watchedGpu();
  const unready = { config: { ...config, mode: 'cost-optimize' as const }, target };
  const created = createTidewatch({ model: 'cats', gpu: { source }, autoscaling: unready });
  await expect(created).rejects.toThrow('the mode cost-optimize has no latency to keep');
  expect(calls).toEqual(['read', 'close']);
});

it('leaves expressions to another source, which may know another dialect', async () => {
  const source = { query: async () => [], queryRange: async () => [] };
  await using watch = await createTidewatch({
    model: 'cats',
    gpu: { source: 'off' },
    source,
    alerting: { rules: badRule },
    autoscaling: { config: autoscaler('sum('), target },
  });
  expect(watch.alerting.rules().groups).toHaveLength(1);
});
