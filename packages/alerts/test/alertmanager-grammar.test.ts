import { describe, expect, it } from 'vitest';
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
