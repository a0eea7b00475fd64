import { expect, it } from 'vitest';
import { serviceKinds, tellHugeGroup } from '../../packages/alerts/test/reliability/huge-group.ts';

it.for([
  ['dingtalk', 5000],
  ['feishu', 5000],
  // Two fit into a message, and twenty messages into a minute: more would be too old in the end.
  ['wecom', 2000],
  ['slack', 5000],
  ['webhook', 5000],
] as const)(
  'R21 %s, one group of %i alerts, each with an annotation of a megabyte: no body is too large or broken, none is missing',
  { timeout: 120_000 },
  async ([name, alerts]) => {
    const { missing, mostBytes, broken } = await tellHugeGroup(name, alerts);
    expect({ missing, broken }).toEqual({ missing: [], broken: [] });
    expect(mostBytes).toBeLessThanOrEqual(serviceKinds[name]?.limit ?? 0);
  },
);
