import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler, type FetchHandler } from '@tidewatch/core';
import { manualClock } from '@tidewatch/core/testing';
import express from 'express';
import { describe, expect, it } from 'vitest';
import type { PageData } from '../src/data/page-data.ts';
import { createDashboard, panels, type DashboardOptions } from '../src/index.ts';
import { madeUpSource } from './made-up-source.ts';

const nowMs = Date.UTC(2026, 10, 23, 12);

function dashboard(options: Partial<DashboardOptions> = {}): FetchHandler {
  return createDashboard({ ...madeUpSource({ endMs: nowMs }), clock: manualClock(nowMs), ...options });
}

async function ask(handler: FetchHandler, path: string, init?: RequestInit): Promise<Response> {
  const response = await handler(new Request(new URL(path, 'http://localhost'), init));
  if (response === undefined) throw new Error(`${path} is not answered`);
  return response;
}

async function dataOf(handler: FetchHandler, range = '15m'): Promise<PageData> {
  return (await (await ask(handler, `/data?range=${range}`)).json()) as PageData;
}

describe('figures', () => {
  it('answers every panel, or says why not', async () => {
    const data = await dataOf(dashboard());
    expect(Object.keys(data.panels)).toEqual(panels.map(({ id }) => id));
    expect(data.panels['accuracy']).toMatchObject({ state: 'ok', latest: [{ value: expect.any(Number) }] });
    expect(data.panels['gpu']).toEqual({ state: 'empty', reason: 'no-gpu' });
    expect(data.panels['savings']).toEqual({ state: 'empty', reason: 'no-price' });
    expect(data.verdict.reason).toBe('over-threshold');
  });

  it('puts every series on one time axis that ends now', async () => {
    const { axis, panels: answers } = await dataOf(dashboard());
    expect(axis).toEqual({ startMs: nowMs - 900_000, stepMs: 15_000, steps: 61 });
    for (const answer of Object.values(answers)) {
      if (answer.state !== 'ok') continue;
      for (const { values } of answer.series) expect(values).toHaveLength(61);
    }
  });

  it('leaves gaps where the source has no value, NaN or infinity', async () => {
    const points = [1, Number.NaN, Number.POSITIVE_INFINITY].map((value, step) => ({
      timeMs: nowMs - 900_000 + step * 15_000,
      value,
    }));
    const queryRange = () => Promise.resolve([{ labels: {}, points }]);
    const { panels: answers } = await dataOf(dashboard({ queryRange }));
    const answer = answers['latency-history'];
    expect(answer?.state === 'ok' && answer.series[0]?.values.slice(0, 4)).toEqual([1, null, null, null]);
  });

  it('takes a course of nothing but NaN for no traffic, not for a line', async () => {
    const queryRange = () =>
      Promise.resolve([{ labels: {}, points: [{ timeMs: nowMs, value: Number.NaN }] }]);
    const { panels: answers } = await dataOf(dashboard({ queryRange }));
    expect(answers['latency-history']).toEqual({ state: 'empty', reason: 'no-traffic' });
  });

  it('asks with plain PromQL', async () => {
    const asked: string[] = [];
    const query = (expr: string) => Promise.resolve(void asked.push(expr)).then(() => []);
    await dataOf(dashboard({ query, queryRange: query, sampleIntervalMs: 2_000 }));
    expect(asked.filter((expr) => expr.includes('$'))).toEqual([]);
    expect(asked).toContain('sum(rate(classification_predictions_total[8s]))');
    expect(asked).toContain('sum(increase(classification_labelled_total[900s]))');
  });

  it('shows a failed query on its panel and nowhere else', async () => {
    const source = madeUpSource({ endMs: nowMs });
    const query: DashboardOptions['query'] = (expr, atMs) =>
      expr.startsWith('min(classification_accuracy')
        ? Promise.reject(new Error('http://user:secret@prometheus refused'))
        : source.query(expr, atMs);
    const response = await ask(dashboard({ query }), '/data');
    expect(response.status).toBe(200);
    const body = await response.text();
    expect(body).not.toContain('secret');
    const { panels: answers } = JSON.parse(body) as PageData;
    expect(answers['accuracy']).toEqual({ state: 'error' });
    expect(answers['p99']?.state).toBe('ok');
  });

  it('does not wait for a source that never answers', async () => {
    const never = () => new Promise<never>(() => {});
    const data = await dataOf(dashboard({ query: never, queryRange: never, queryTimeoutMs: 1 }));
    expect(data.verdict).toMatchObject({ level: 'unknown', reason: 'queries-failing' });
  });

  it('asks for figures before courses, in case time runs out', async () => {
    const order: string[] = [];
    const answer = (kind: string) => () => Promise.resolve(void order.push(kind)).then(() => []);
    await dataOf(dashboard({ query: answer('now'), queryRange: answer('range') }));
    expect(order.lastIndexOf('now')).toBeLessThan(order.indexOf('range'));
  });

  it('survives a host callback that throws', async () => {
    const fail = () => {
      throw new Error('not today');
    };
    const data = await dataOf(dashboard({ alerts: fail, decisions: fail, notices: fail }));
    expect([data.alerts, data.decisions, data.notices]).toEqual([{ state: 'error' }, { state: 'error' }, []]);
  });

  it('caps what a careless label can grow, and says how much was left out', async () => {
    const many = Array.from({ length: 500 }, (_, code) => ({
      labels: { code: String(code) },
      points: [{ timeMs: nowMs, value: 1 }],
    }));
    const { panels: answers } = await dataOf(dashboard({ queryRange: () => Promise.resolve(many) }));
    expect(answers['responses-by-code']).toMatchObject({ state: 'ok', dropped: 480 });
  });

  it('keeps the largest cells of a matrix that is too large, and the answer of a source without measure', async () => {
    const cells = Array.from({ length: 200_000 }, (_, at) => ({
      labels: { actual: String(at % 500), predicted: String(Math.floor(at / 500)) },
      timeMs: nowMs,
      value: at,
    }));
    const query: DashboardOptions['query'] = async (expr) => (expr.includes('confusion') ? cells : []);
    const { panels: answers } = await dataOf(dashboard({ query }));
    const { confusion } = answers;
    expect(confusion).toMatchObject({ state: 'ok', dropped: 200_000 - 900 });
    expect(confusion?.state === 'ok' && confusion.latest[0]?.value).toBe(199_999);
    expect(confusion?.state === 'ok' && confusion.latest.at(-1)?.value).toBe(199_100);
  });

  it('says once that a query fails, and once that it is answered again', async () => {
    const clock = manualClock(nowMs);
    const lines: string[] = [];
    const note = (fields: object, message: string): void => {
      if ('what' in fields && fields.what === 'accuracy') lines.push(message);
    };
    let isDown = true;
    const query: DashboardOptions['query'] = async () => {
      if (isDown) throw new Error('down');
      return [];
    };
    const logger = { debug: note, info: note, warn: note, error: note };
    const handler = dashboard({ query, clock, logger });
    for (const down of [true, true, false, false, true]) {
      isDown = down;
      await dataOf(handler);
      await clock.advance(5_000);
    }
    const failed = 'a dashboard query failed';
    expect(lines).toEqual([failed, 'a dashboard query is answered again', failed]);
  });

  it('lists decisions newest first, holds included, and alerts most urgent first', async () => {
    const sentence = { 'zh-CN': '保持', en: 'hold' };
    const decisions = () =>
      [1, 3, 2].map((timeMs) => ({ timeMs, action: 'hold' as const, from: 1, to: 1, sentence }));
    const alerts = () =>
      (['resolved', 'firing', 'pending'] as const).map((state) => ({
        name: state,
        state,
        labels: {},
        annotations: {},
        value: 1,
        activeAtMs: 1,
        deliveredTo: ['email'],
      }));
    const data = await dataOf(dashboard({ decisions, alerts }));
    expect(data.decisions).toMatchObject({ items: [{ timeMs: 3 }, { timeMs: 2 }, { timeMs: 1 }] });
    expect(data.alerts).toMatchObject({
      items: [{ state: 'firing' }, { state: 'pending' }, { state: 'resolved' }],
    });
    expect(data.verdict).toMatchObject({ level: 'bad', reason: 'firing' });
  });
});

describe('cost to the host', () => {
  function counting() {
    const source = madeUpSource({ endMs: nowMs });
    const counts = { now: 0, range: 0 };
    const query: DashboardOptions['query'] = (...given) => ((counts.now += 1), source.query(...given));
    const queryRange: DashboardOptions['queryRange'] = (...given) => (
      (counts.range += 1),
      source.queryRange(...given)
    );
    return { counts, query, queryRange };
  }

  it('evaluates once a tick, however many are looking', async () => {
    const { counts, ...source } = counting();
    const handler = dashboard(source);
    await Promise.all([dataOf(handler), dataOf(handler), dataOf(handler)]);
    const once = { ...counts };
    await dataOf(handler);
    expect(counts).toEqual(once);
  });

  it('asks for the past again only when a step has passed', async () => {
    const { counts, ...source } = counting();
    const clock = manualClock(nowMs);
    const handler = dashboard({ ...source, clock });
    await dataOf(handler);
    const first = { ...counts };
    await clock.advance(5_000); // a tick, but not yet a step of 15 s
    await dataOf(handler);
    expect(counts.now).toBeGreaterThan(first.now);
    expect(counts.range).toBe(first.range);
    await clock.advance(10_000);
    await dataOf(handler);
    expect(counts.range).toBe(2 * first.range);
  });

  it('asks again for what failed, without waiting for a step', async () => {
    const { counts, query, queryRange } = counting();
    let isDown = true;
    const clock = manualClock(nowMs);
    const flaky: DashboardOptions['queryRange'] = (...given) =>
      isDown ? Promise.reject(new Error('down')) : queryRange(...given);
    const handler = dashboard({ query, queryRange: flaky, clock });
    expect((await dataOf(handler)).panels['latency-history']).toEqual({ state: 'error' });
    isDown = false;
    await clock.advance(5_000);
    expect((await dataOf(handler)).panels['latency-history']?.state).toBe('ok');
    expect(counts.range).toBeGreaterThan(0);
  });

  it('answers 304 to a page that has the figures of this tick', async () => {
    const handler = dashboard();
    const first = await ask(handler, '/data');
    const etag = first.headers.get('etag') ?? '';
    const second = await ask(handler, '/data', { headers: { 'if-none-match': etag } });
    expect([second.status, await second.text()]).toEqual([304, '']);
    expect(first.headers.get('cache-control')).toBe('no-store');
  });
});

describe('what it answers to', () => {
  it.for([
    // method  path               status  why the row is here
    ['GET', '/data?range=2h', 400], // a range nobody offers
    ['GET', '/data?range=__proto__', 400],
    ['POST', '/', 405], // nothing here changes anything
    ['HEAD', '/data', 200],
    ['GET', '/?part=data&range=1h', 200], // how the page asks, see below
  ] as const)('%s %s: %d', async ([method, path, status]) => {
    const response = await ask(dashboard(), path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it.for(['/other', '/data/', '/app.js.map', '/?part=toString', '/?part=/etc/passwd', '/..%2fpackage.json'])(
    'leaves %s to the host',
    async (path) => {
      expect(await dashboard()(new Request(new URL(path, 'http://localhost')))).toBeUndefined();
    },
  );

  it.for([
    // options                      named in the error
    [{ query: undefined }, /query: expected a function, got undefined/],
    [{ queryRange: 'up' }, /queryRange: expected a function, got string/],
    [{ locale: 'fr' }, /locale: expected 'zh-CN' or 'en', got "fr"/],
    [{ refreshMs: 0 }, /refreshMs: expected at least 500 ms, got 0/],
    [{ sampleIntervalMs: Number.NaN }, /sampleIntervalMs: expected at least 1 ms, got NaN/],
  ] as const)('refuses %o', ([options, message]) => {
    expect(() => dashboard(options as unknown as DashboardOptions)).toThrow(message);
  });
});

describe('mounted in Express', () => {
  it.for(['/monitor', '/monitor/', '/a/b/monitor'])(
    'serves page, script and figures at %s',
    async (mount) => {
      const app = express();
      app.use('/a/b/monitor', toNodeHandler(dashboard()));
      app.use('/monitor', toNodeHandler(dashboard()));
      const server = createServer(app).listen(0, '127.0.0.1');
      try {
        await new Promise((resolve) => server.once('listening', resolve));
        const address = new URL(mount, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
        const page = await fetch(address);
        // A checkout that was not built says so; what a browser sees is tested against the built page.
        expect([200, 503]).toContain(page.status);
        // The page names its parts by query alone, which every URL resolves to the same mount.
        const data = await fetch(new URL('?part=data&range=5m', address));
        expect(data.status).toBe(200);
        expect(((await data.json()) as PageData).range).toBe('5m');
      } finally {
        server.close();
      }
    },
  );
});
