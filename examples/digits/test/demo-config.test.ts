import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../src/demo/load-config.ts';
import { startReceivers } from '../src/demo/receivers.ts';

it('loads the three files of the demo, with the addresses of this run put in', async () => {
  const receivers = await startReceivers();
  onTestFinished(() => receivers.close());
  const { alerting, autoscaler } = await loadConfig(receivers.replacements);

  expect(alerting.receivers['on-call']?.map(({ name }) => name).toSorted()).toEqual([
    'dingtalk',
    'email',
    'sms',
  ]);
  expect([alerting.rules].flat()).toMatchObject([{ source: 'config/alert_rules.yml' }]);
  expect(autoscaler.metrics.map(({ name }) => name)).toEqual(['qps', 'gpu_utilization']);
  // The article's own query takes the rate of a gauge: it loads, and the demo says so.
  expect(autoscaler.warnings.map(({ code }) => code)).toEqual(['rate-of-gauge']);
  expect(receivers.accepted()).toEqual({ dingtalk: 0, email: 0, sms: 0 });
  expect(receivers.refused()).toEqual([]);
});

it('says what is wrong, and no secret, when a word was not replaced', async () => {
  const loaded = loadConfig({ DINGTALK_SECRET: 'SECmade-up', SMTP_ADDRESS: '127.0.0.1:25' });
  await expect(loaded).rejects.toThrow('dingtalk: url: expected an http or https address');
  await expect(loaded).rejects.not.toThrow('SECmade-up');
});
