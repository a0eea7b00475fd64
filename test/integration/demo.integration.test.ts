import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import axe from 'axe-core';
import { defaultRulesYaml, loadRules } from '@tidewatch/alerts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openPage, startChromium, type PageFaults } from './support/chromium.ts';
import { startDemo, type DemoProcess, type DemoReport } from './support/demo-process.ts';
import { has, startPrometheus, type PrometheusProcess } from './support/prometheus-process.ts';
import { promtool } from './support/promtool.ts';

const DAY_SECONDS = 90;
/** The rules are asked while the lens is dirty and the replicas are many. */
const ASK_AT_MS = 0.62 * DAY_SECONDS * 1000;

const CLOSE_AT_MS = (DAY_SECONDS - 4) * 1000;

/** What a person would have read on the page, every second. */
interface Glance {
  readonly accuracy: number | undefined;
  readonly replicas: number | undefined;
  readonly firing: readonly string[];
}

let demo: DemoProcess;
let prometheus: PrometheusProcess | undefined;
let browser: Browser | undefined;
let report: DemoReport;
let exposition = '';
let faults: PageFaults | undefined;
let violations: readonly string[] = [];
let decisions: readonly string[] = [];
let finalStatus: number | null = null;
const glances: Glance[] = [];
/** Samples that the left side of each default rule had, by the alert's name. */
const answers = new Map<string, number>();

// One day of the demo serves all tests: real traffic takes its time.
beforeAll(
  async () => {
    demo = await startDemo('--seconds', String(DAY_SECONDS), '--json', '--port', '0');
    const startedMs = performance.now();
    const { host } = new URL(demo.pageUrl);
    if (has('prometheus')) prometheus = await startPrometheus(host);
    const page = chromiumPath === undefined ? undefined : await openDemoPage();

    const elapsedMs = (): number => performance.now() - startedMs;
    let isAsked = false;
    const isOver = demo.finished.then(() => true);
    while (!(await Promise.race([isOver, sleep(1_000, false)]))) {
      // Closed before the server goes: what a page says of a server that is gone is no fault.
      if (elapsedMs() > CLOSE_AT_MS) await page?.close();
      else if (page !== undefined) glances.push(await glance(page).catch(() => noGlance));
      if (isAsked || elapsedMs() < ASK_AT_MS) continue;
      isAsked = true;
      exposition = await (await fetch(`http://${host}/metrics`)).text();
      await askDefaultRules();
      if (page !== undefined) await inspect(page);
    }
    const { status, lastLine } = await demo.finished;
    finalStatus = status;
    report = JSON.parse(lastLine) as DemoReport;
  },
  (DAY_SECONDS + 90) * 1000,
);

afterAll(async () => {
  await browser?.close();
  await prometheus?.[Symbol.asyncDispose]();
});

const noGlance: Glance = { accuracy: undefined, replicas: undefined, firing: [] };

async function openDemoPage(): Promise<Page> {
  browser = await startChromium();
  const opened = await openPage(browser, `${demo.pageUrl}?range=5m`, 'en');
  faults = opened.faults;
  return opened.page;
}

async function glance(page: Page): Promise<Glance> {
  const value = async (id: string): Promise<number | undefined> => {
    const text = await page.getByTestId(id).getAttribute('data-value', { timeout: 2_000 });
    return text === null || text === '' ? undefined : Number(text);
  };
  const firing = page.locator('[data-testid="alert"][data-state="firing"]');
  return {
    accuracy: await value('kpi-accuracy'),
    replicas: await value('kpi-replicas'),
    firing: await firing.evaluateAll((alerts) =>
      alerts.map((alert) => alert.getAttribute('data-name') ?? ''),
    ),
  };
}

async function inspect(page: Page): Promise<void> {
  decisions = await page.getByTestId('decision').allTextContents();
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => (globalThis as unknown as { axe: typeof axe }).axe.run());
  violations = found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

async function askDefaultRules(): Promise<void> {
  if (prometheus === undefined) return;
  for (const { name, expr } of defaultRules()) {
    answers.set(name, (await prometheus.query(leftSide(expr))).length);
  }
}

function defaultRules(): { name: string; expr: string }[] {
  return loadRules(defaultRulesYaml('en'), { source: 'default rules' }).groups.flatMap(({ rules }) =>
    rules.map(({ name, expr }) => ({ name, expr })),
  );
}

/** What is compared with a limit: without the comparison there is an answer while all is well. */
function leftSide(expr: string): string {
  return expr.replace(/\s(?:[<>]=?|==)\s(?:bool\s)?[\d.e+-]+\s*$/, '');
}

describe('the report of a day', () => {
  it('ends with status 0 and no failed request', () => {
    expect(finalStatus).toBe(0);
    expect(report.requests).toBeGreaterThan(3_000);
    expect(report.failed).toBe(0);
  });

  it('measured the fall of accuracy', () => {
    expect(report.accuracyBefore).toBeGreaterThan(0.88);
    expect(report.accuracyAfter).toBeLessThan(0.75);
  });

  it('delivered the alert through DingTalk, e-mail and SMS, and saw it resolved', () => {
    const low = report.alerts.find(({ name }) => name === 'LowAccuracy');
    expect(low?.state).toBe('resolved');
    expect(low?.deliveredTo.toSorted()).toEqual(['dingtalk', 'email', 'sms']);
  });

  it('scaled from 1 up and back to 1', () => {
    expect(report.replicas).toMatchObject({ min: 1 });
    expect(report.replicas.max).toBeGreaterThanOrEqual(3);
    expect(report.replicas.changes).toBeGreaterThanOrEqual(2);
    const last = demo.lines.findLast((line) => line.includes('[Autoscaler] Scale-down complete'));
    expect(last).toContain('replicas: 1');
  });

  it('wrote the article’s lines', () => {
    const said = demo.lines.join('\n');
    expect(said).toMatch(/\[Autoscaler\] QPS=[\d.]+ > threshold 100, scaling up/);
    expect(said).toContain('[Autoscaler] Replicas: 1 → adding 2');
    expect(said).toContain('[Autoscaler] Scale-up complete, replicas: 3');
  });

  it('says once that there is no GPU, and why', { skip: has('nvidia-smi') }, () => {
    expect(demo.lines.filter((line) => line.includes('GPU on this machine'))).toHaveLength(1);
  });
});

describe.skipIf(!has('prometheus'))('a real Prometheus (skipped without `prometheus` on the PATH)', () => {
  // Drift is measured only where it is asked for.
  const measured = defaultRules().filter(({ expr }) => !expr.includes('classification_drift_'));

  it.each(measured.map(({ name, expr }) => [name, expr] as const))('has data for %s', (name, expr) => {
    // No GPU here, no price given: those series do not exist, and their absence is right.
    const isImpossible = expr.includes('gpu_') && !has('nvidia-smi');
    if (isImpossible) expect(answers.get(name)).toBe(0);
    else expect(answers.get(name), expr).toBeGreaterThan(0);
  });
});

describe.skipIf(!has('promtool'))('promtool (skipped without `promtool` on the PATH)', () => {
  it.each(['en', 'zh-CN'] as const)('accepts the default rules in %s', async (locale) => {
    expect(await promtool(['check', 'rules', '--lint-fatal'], defaultRulesYaml(locale))).toMatch(
      /rules found/,
    );
  });

  it('accepts the demo’s rule file', async () => {
    const rules = await readFile('examples/digits/config/alert_rules.yml', 'utf8');
    expect(await promtool(['check', 'rules', '--lint-fatal'], rules)).toMatch(/rules found/);
  });

  it('has nothing to say about the metrics', async () => {
    expect(exposition).toContain('classification_accuracy');
    expect(await promtool(['check', 'metrics'], exposition)).toBe('');
  });
});

describe.skipIf(chromiumPath === undefined)('the page in Chromium (skipped without one)', () => {
  it('showed the fall of accuracy', () => {
    const seen = glances.map(({ accuracy }) => accuracy).filter((value) => value !== undefined);
    expect(Math.max(...seen)).toBeGreaterThan(0.88);
    expect(Math.min(...seen)).toBeLessThan(0.75);
  });

  it('showed the alert fire', () => {
    expect(glances.flatMap(({ firing }) => firing)).toContain('LowAccuracy');
  });

  it('showed the replicas change, each with its sentence', () => {
    const seen = glances.map(({ replicas }) => replicas).filter((value) => value !== undefined);
    expect(Math.min(...seen)).toBeLessThanOrEqual(1); // 0 until the first one is ready
    expect(Math.max(...seen)).toBeGreaterThanOrEqual(3);
    expect(decisions.join('\n')).toMatch(/QPS=[\d.]+ > threshold 100/);
  });

  it('made no console error and no external request', () => {
    expect(faults).toEqual({ consoleErrors: [], externalRequests: [] });
  });

  it('has no fault that axe knows', () => {
    expect(violations).toEqual([]);
  });
});
