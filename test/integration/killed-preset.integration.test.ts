import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startKillable } from './support/killable-process.ts';
import { has } from './support/prometheus-process.ts';

const service = fileURLToPath(
  new URL('../../packages/tidewatch/test/fixtures/alerting-service.ts', import.meta.url),
);
const command = 'packages/tidewatch/src/command.ts';
const patience = { timeout: 30_000, interval: 50 };

/** A webhook's other end. It refuses what comes until it is told to take it. */
async function startReceiver() {
  let isTaking = false;
  const refused: string[] = [];
  const taken: string[] = [];
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { alerts } = (await json(request)) as { alerts: { labels: Record<string, string> }[] };
    (isTaking ? taken : refused).push(...alerts.map(({ labels }) => labels['alertname'] ?? ''));
    response.writeHead(isTaking ? 200 : 503).end();
  }
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await server[Symbol.asyncDispose]();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { url, refused, taken, take: () => void (isTaking = true) };
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-killed-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function ask(url: string, path: string, method = 'GET', body?: object): Promise<any> {
  const response = await fetch(new URL(path, url), {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return response.json();
}

describe('a service with the preset, killed with SIGKILL', () => {
  it('delivers after the restart an alert that does not fire any more', async () => {
    const receiver = await startReceiver();
    const folder = await newFolder();
    const first = await startKillable(service, [folder, receiver.url]);
    await vi.waitFor(() => expect(receiver.refused).not.toEqual([]), patience);
    await first.kill();

    receiver.take();
    await startKillable(service, [folder, receiver.url, 'vector(1) > 2']);
    await vi.waitFor(() => expect(receiver.taken).toContain('Always'), patience);
  });

  it('delivers after the restart what was not accepted before, and does not repeat what was', async () => {
    const receiver = await startReceiver();
    const folder = await newFolder();
    const first = await startKillable(service, [folder, receiver.url]);
    await vi.waitFor(() => expect(receiver.refused).not.toEqual([]), patience);
    await first.kill();
    expect(receiver.taken).toEqual([]);

    receiver.take();
    const second = await startKillable(service, [folder, receiver.url]);
    await vi.waitFor(() => expect(receiver.taken).toEqual(['Always']), patience);
    // What the service has accepted is known to be accepted when the next process asks the same folder.
    await vi.waitFor(
      async () =>
        expect((await ask(second.url, '/api/v2/alerts/explain')).alerts[0].deliveredTo).toEqual(['webhook']),
      patience,
    );
    await ask(second.url, '/api/v2/silences', 'POST', {
      matchers: [{ name: 'pod', value: 'a', isRegex: false, isEqual: true }],
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'li',
      comment: 'known',
    });
    await second.kill();

    const third = await startKillable(service, [folder, receiver.url]);
    expect(await ask(third.url, '/api/v2/silences')).toMatchObject([{ createdBy: 'li', comment: 'known' }]);
    // Its group has been asked again, and has nothing new to say.
    await vi.waitFor(async () => {
      const { alerts } = await ask(third.url, '/api/v2/alerts/explain');
      expect(alerts[0].steps).toContainEqual(
        expect.objectContaining({ stage: 'dedup', reason: 'nothing-new' }),
      );
    }, patience);
    await third.kill();
    expect(receiver.taken).toEqual(['Always']);
  });
});

describe('tidewatch relay --data, killed with SIGKILL', () => {
  it('delivers after the restart what it has taken over', async () => {
    const receiver = await startReceiver();
    const folder = await newFolder();
    const file = join(folder, 'alertmanager.yml');
    await writeFile(
      file,
      `route: { receiver: team }\nreceivers: [{ name: team, webhook_configs: [{ url: '${receiver.url}' }] }]\n`,
    );
    const relay = ['relay', file, '--data', join(folder, 'data'), '--listen', '127.0.0.1:0'];
    const first = await startKillable(command, relay);
    const alert = { status: 'firing', labels: { alertname: 'Relayed' }, startsAt: '2026-11-23T12:00:00Z' };
    const posted = await fetch(first.url, {
      method: 'POST',
      body: JSON.stringify({ version: '4', receiver: 'team', groupKey: '{}', alerts: [alert] }),
    });
    expect(posted.status).toBe(200);
    await first.kill();
    expect(receiver.taken).toEqual([]);

    receiver.take();
    const second = await startKillable(command, relay);
    await vi.waitFor(() => expect(receiver.taken).toEqual(['Relayed']), patience);
    await second.kill();
  });
});

describe.skipIf(!has('amtool'))('a real amtool', () => {
  it('adds, lists and ends silences of a service, and lists its alerts', async () => {
    const receiver = await startReceiver();
    receiver.take();
    const { url } = await startKillable(service, [await newFolder(), receiver.url]);
    const amtool = (...args: string[]): string =>
      execFileSync('amtool', [`--alertmanager.url=${url}`, ...args], { encoding: 'utf8' }).trim();
    await vi.waitFor(() => expect(amtool('alert', 'query', '-o', 'simple')).toContain('Always'), patience);

    const id = amtool(
      'silence',
      'add',
      'alertname=Always',
      '--duration=2h',
      '--comment=known',
      '--author=li',
    );
    expect(id).toBe('silence-1');
    expect(JSON.parse(amtool('silence', 'query', '-o', 'json'))).toMatchObject([{ id, createdBy: 'li' }]);
    expect(amtool('alert', 'query', '-o', 'simple')).not.toContain('Always'); // silenced ones are not shown
    expect(JSON.parse(amtool('alert', 'query', '--silenced', '-o', 'json'))).toMatchObject([
      { status: { state: 'suppressed', silencedBy: [id] } },
    ]);
    amtool('silence', 'update', id, '--duration=3h');
    expect(amtool('silence', 'query', '-q')).toBe('silence-2');
    amtool('silence', 'expire', 'silence-2');
    expect(amtool('silence', 'query', '-q')).toBe('');
    expect(amtool('silence', 'query', '--expired', '-q').split('\n')).toHaveLength(2);
  });
});
