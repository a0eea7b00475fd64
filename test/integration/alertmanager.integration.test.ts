import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  alertmanagerReceiver,
  createAlerting,
  loadAlertmanagerConfig,
  loadRules,
  receiversFromConfig,
} from '@tidewatch/alerts';
import { alertmanager } from '@tidewatch/alerts/alertmanager';
import { collector } from '@tidewatch/alerts/testing';
import { toNodeHandler } from '@tidewatch/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { NotifiedAlert } from '../../packages/alerts/src/channels/channel.ts';
import { readWebhook } from '../../packages/alerts/src/relay/read-webhook.ts';
import { sampleAlert, sampleNotification } from '../../packages/alerts/src/testing/sample-notification.ts';
import { amtoolProblem, hasAmtool } from '../../packages/alerts/test/amtool/amtool.ts';
import { faults, fullConfig } from '../../packages/alerts/test/amtool/grammar-cases.ts';
import { differentlyRouted } from '../../packages/alerts/test/amtool/routed-as.ts';
import { startAlertmanager } from './support/alertmanager-process.ts';
import { has } from './support/prometheus-process.ts';

const rules = loadRules(`groups:
  - name: classification
    rules:
      - alert: LowAccuracy
        expr: classification_accuracy < 0.85
        labels: { severity: critical }
        annotations: { summary: 'accuracy is {{ $value }}' }
`);

describe.skipIf(!has('prometheus-alertmanager'))('a real Alertmanager', () => {
  it(
    'R24 takes what is pushed, tells it to the relay, and gets nothing back in a circle',
    { timeout: 60_000 },
    async () => {
      const team = collector();
      let accuracy = 0.8;
      const relay = await createAlerting({
        rules: [],
        query: async () => [],
        route: { receiver: 'team' },
        receivers: { team: [team] },
      });
      onTestFinished(() => relay.close());
      relay.start();
      const handler = toNodeHandler(alertmanagerReceiver({ alerting: relay }));
      const server = createServer(handler);
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
      onTestFinished(async () => {
        server.closeAllConnections();
        await server[Symbol.asyncDispose]();
      });
      const hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alertmanager`;
      await using process =
        await startAlertmanager(`route: { receiver: team, group_by: [alertname], group_wait: 0s, group_interval: 1s }
receivers: [{ name: team, webhook_configs: [{ url: '${hook}' }] }]
`);
      const push = alertmanager({ url: process.url });
      const alerting = await createAlerting({
        rules,
        query: async (_, timeMs) =>
          accuracy < 0.85 ? [{ labels: { model: 'digits' }, timeMs, value: accuracy }] : [],
        route: { receiver: 'am', groupWaitMs: 0, groupIntervalMs: 1 },
        receivers: { am: [push] },
        externalUrl: 'https://monitor.example',
      });
      onTestFinished(() => alerting.close());

      await alerting.evaluate(Date.now());
      const [listed] = await process.alerts();
      expect(listed).toMatchObject({
        labels: { alertname: 'LowAccuracy', model: 'digits' },
        annotations: { summary: 'accuracy is 0.8' },
      });
      expect(Date.parse(listed?.endsAt ?? '')).toBeGreaterThan(Date.now() + 23 * 3_600_000);
      await vi.waitFor(() => expect(team.notifications).toHaveLength(1), 20_000);
      const [told] = team.notifications;
      expect(told).toMatchObject({
        status: 'firing',
        alerts: [{ labels: { severity: 'critical' }, annotations: { tidewatch_hops: '1' } }],
      });
      if (told === undefined) throw new Error('nothing was told');
      expect(await push.send(told, new AbortController().signal)).toMatchObject({ status: 'misconfigured' });

      accuracy = 0.95;
      await alerting.evaluate(Date.now());
      await vi.waitFor(() => expect(team.notifications.at(-1)).toMatchObject({ status: 'resolved' }), 20_000);
      expect(await process.alerts()).toEqual([]);
    },
  );

  it(
    'R24 waits, repeats and leaves out as it is configured, and all that it says is understood',
    { timeout: 60_000 },
    async () => {
      const posts: { readonly atMs: number; readonly group: NonNullable<ReturnType<typeof readWebhook>> }[] =
        [];
      async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const group = readWebhook(await text(request));
        if (group !== undefined) posts.push({ atMs: Date.now(), group });
        response.writeHead(group === undefined ? 400 : 200).end();
      }
      const hook = createServer((request, response) => void serve(request, response));
      await new Promise<void>((resolve) => {
        hook.listen(0, '127.0.0.1', resolve);
      });
      onTestFinished(async () => {
        hook.closeAllConnections();
        await hook[Symbol.asyncDispose]();
      });
      const { port } = hook.address() as AddressInfo;
      await using process =
        await startAlertmanager(`route: { receiver: team, group_by: [job], group_wait: 2s, group_interval: 3s, repeat_interval: 4s }
receivers: [{ name: team, webhook_configs: [{ url: 'http://127.0.0.1:${port}/', max_alerts: 2 }] }]
`);
      const push = alertmanager({ url: process.url });
      const { signal } = new AbortController();
      const alertOf = (model: string, parts: Partial<NotifiedAlert> = {}): NotifiedAlert =>
        sampleAlert({
          labels: { alertname: 'LowAccuracy', job: 'classifier', model },
          activeAtMs: Date.now(),
          startsAtMs: Date.now(),
          ...parts,
        });
      const alerts = ['m1', 'm2', 'm3'].map((model) => alertOf(model));
      const begin = Date.now();
      expect(await push.send(sampleNotification({ alerts }), signal)).toEqual({ status: 'sent' });
      await vi.waitFor(() => expect(posts).toHaveLength(1), 20_000);
      // Two of three, and the third is counted.
      expect(posts[0]?.group).toMatchObject({
        truncated: 1,
        alerts: [{ status: 'firing' }, { status: 'firing' }],
      });
      expect((posts[0]?.atMs ?? 0) - begin).toBeGreaterThanOrEqual(1900);
      await vi.waitFor(() => expect(posts).toHaveLength(2), 20_000);
      // It looks each three seconds whether the four are over: that makes six.
      const repeated = (posts[1]?.atMs ?? 0) - (posts[0]?.atMs ?? 0);
      expect(repeated).toBeGreaterThanOrEqual(5500);
      expect(repeated).toBeLessThan(12_000);
      const recovered = alerts.map((alert) => ({
        ...alert,
        status: 'resolved' as const,
        endsAtMs: Date.now(),
      }));
      await push.send(sampleNotification({ status: 'resolved', alerts: recovered }), signal);
      await vi.waitFor(
        () => expect(posts.at(-1)?.group.alerts[0]).toMatchObject({ status: 'resolved' }),
        20_000,
      );
      expect(posts.at(-1)?.group.alerts[0]?.endsAtMs).toBeGreaterThanOrEqual(begin);
    },
  );

  it('inhibits what it inhibits itself, with the same file', { timeout: 60_000 }, async () => {
    const labelSets = [
      { alertname: 'Down', severity: 'critical', zone: 'a' },
      { alertname: 'Slow', severity: 'warning', zone: 'a' },
      { alertname: 'Slow', severity: 'warning', zone: 'b' },
      { alertname: 'Both', severity: 'both', zone: 'c' },
      { alertname: 'Both', severity: 'both', zone: 'c', part: '2' },
      { alertname: 'Slow', severity: 'warning', zone: 'c' },
      { alertname: 'Lonely', severity: 'lonely' },
      { alertname: 'Quiet', severity: 'quiet' },
      { alertname: 'Quiet', severity: 'quiet', zone: 'd' },
    ];
    const yaml = (
      receiver: string,
    ): string => `route: { receiver: team, group_by: ['...'], group_wait: 1s, group_interval: 1s }
receivers: [{ name: team${receiver} }]
inhibit_rules:
  - source_matchers: [severity =~ "critical|both"]
    target_matchers: [severity =~ "warning|both"]
    equal: [zone]
  - source_matchers: [severity = lonely]
    target_matchers: [severity = quiet]
    equal: [zone, alertname2]
`;
    const told: string[] = [];
    async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const group = readWebhook(await text(request));
      for (const { labels } of group?.alerts ?? []) told.push(listed(labels));
      response.end();
    }
    const hook = createServer((request, response) => void serve(request, response));
    await new Promise<void>((resolve) => {
      hook.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(async () => {
      hook.closeAllConnections();
      await hook[Symbol.asyncDispose]();
    });
    const { port } = hook.address() as AddressInfo;
    await using process = await startAlertmanager(
      yaml(`, webhook_configs: [{ url: 'http://127.0.0.1:${port}/' }]`),
    );
    const alerts = labelSets.map((labels) =>
      sampleAlert({ labels, activeAtMs: Date.now(), startsAtMs: Date.now() }),
    );
    await alertmanager({ url: process.url }).send(
      sampleNotification({ alerts }),
      new AbortController().signal,
    );
    const channel = collector();
    const { route, inhibitRules } = receiversFromConfig(loadAlertmanagerConfig(yaml('')));
    const alerting = await createAlerting({
      rules: loadRules('groups:\n  - name: g\n    rules: [{ alert: X, expr: up }]\n'),
      query: async (_, timeMs) =>
        labelSets.map((labels) => ({ labels: { ...labels, name: labels.alertname }, timeMs, value: 1 })),
      route: { ...route, groupWaitMs: 0 },
      receivers: { team: [channel] },
      inhibitRules,
    });
    onTestFinished(() => alerting.close());
    await alerting.evaluate(Date.now());
    const ours = channel.notifications
      .flatMap((notification) => notification.alerts)
      .map(({ labels: { name = '', ...labels } }) => listed({ ...labels, alertname: name }));
    await vi.waitFor(() => expect(told.toSorted()).toEqual(ours.toSorted()), 10_000);
    // Nothing comes later either.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect([...new Set(told)].toSorted()).toEqual(ours.toSorted());
  });

  it('refuses what the channel then names', async () => {
    await using process = await startAlertmanager('route: { receiver: a }\nreceivers: [{ name: a }]\n');
    const push = alertmanager({ url: process.url });
    expect(await push.verify?.('handshake', new AbortController().signal)).toMatchObject({ ok: true });
    expect(await push.verify?.('send', new AbortController().signal)).toMatchObject({ ok: true });
    const lost = alertmanager({ url: `${process.url}/elsewhere` });
    expect(await lost.verify?.('send', new AbortController().signal)).toMatchObject({ ok: false });
  });
});

describe.skipIf(!hasAmtool)('Alertmanager’s grammar', () => {
  it.for(faults)('%j → %j is refused by both', async ([from, to]) => {
    const yaml = fullConfig.replace(from, to);
    expect(() => loadAlertmanagerConfig(yaml)).toThrow('inline YAML:');
    expect(await amtoolProblem(yaml)).toBeDefined();
  });

  it('routes 500 random alerts through random trees as Alertmanager does', async () => {
    expect(await differentlyRouted(2, 500)).toEqual([]);
  });
});

/** Labels in one text, whatever their order. */
function listed(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join();
}
