import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createAlerting, loadRules } from '../src/index.ts';
import { loadAlertmanagerConfig } from '../src/config/load-alertmanager-config.ts';
import { amtoolProblem, hasAmtool } from './amtool/amtool.ts';
import { faults, fullConfig } from './amtool/grammar-cases.ts';
import { differentlyRouted } from './amtool/routed-as.ts';

it('takes a file in which everything occurs', () => {
  expect(() => loadAlertmanagerConfig(fullConfig)).not.toThrow();
});

it.for(faults)('%j → %j is refused', ([from, to]) => {
  const yaml = fullConfig.replace(from, to);
  expect(yaml).not.toBe(fullConfig);
  expect(() => loadAlertmanagerConfig(yaml)).toThrow('inline YAML:');
});

describe.skipIf(!hasAmtool)(
  'beside amtool (skipped without it; the long form is in test/integration)',
  () => {
    it('takes what Alertmanager takes', async () => {
      expect(await amtoolProblem(fullConfig)).toBeUndefined();
    });

    it('routes 8 random alerts through random trees as Alertmanager does', async () => {
      expect(await differentlyRouted(1, 8)).toEqual([]);
    });
  },
);

it('a parsed alertmanager.yml can be spread into the options of alerting', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (address: URL) => {
    asked.push(String(address));
    return new Response('');
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  const config = loadAlertmanagerConfig(
    "route: { receiver: team, group_wait: 0s }\nreceivers: [{ name: team, webhook_configs: [{ url: 'https://hook.example/' }] }]\n",
  );
  const alerting = await createAlerting({
    ...config,
    rules: loadRules('groups:\n  - { name: g, rules: [{ alert: A, expr: up }] }\n'),
    query: async (_, timeMs) => [{ labels: {}, timeMs, value: 1 }],
  });
  await alerting.evaluate(Date.now());
  await alerting.close();
  expect(asked).toEqual(['https://hook.example/']);
});
