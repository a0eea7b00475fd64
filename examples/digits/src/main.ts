// The demo: a digits classifier served by worker processes, under a compressed day of traffic, with a lens
// that gets dirty at midday. Everything that is shown was measured. `--help` lists the options.
import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, receiveForwarded, type NodeHandler } from '@tidewatch/core';
import { workerPool } from '@tidewatch/scaler/worker-pool';
import { createTidewatch, type Tidewatch } from 'tidewatch';
import { createCleanup, type Cleanup } from './demo/cleanup.ts';
import { parseDemoOptions, usage, UsageError, type DemoOptions } from './demo/demo-options.ts';
import { freePort, listen } from './demo/listen.ts';
import { loadConfig } from './demo/load-config.ts';
import { measureRun } from './demo/measure-run.ts';
import { progressLine } from './demo/progress-line.ts';
import { startReceivers } from './demo/receivers.ts';
import { createTerminal } from './demo/terminal.ts';
import { demoTexts } from './demo/texts.ts';
import { planDay } from './demo/timeline.ts';
import { trainDigits } from './demo/train-digits.ts';
import { digitClasses } from './images/image-set.ts';
import { startTrafficProcess } from './traffic/traffic-process.ts';

const COLLECT_INTERVAL_MS = 1_000;
const TRAFFIC = { troughRps: 15, peakRps: 140, burstRps: 200 };

async function runDemo(options: DemoOptions, stop: AbortSignal, cleanup: Cleanup): Promise<void> {
  const terminal = createTerminal(process.stderr);
  const texts = demoTexts[options.locale];
  const timeline = planDay(options.seconds);

  // First what can fail at once: nobody waits for a training to read that a port is taken.
  let serve: NodeHandler = (_request, response) => {
    response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' }).end(`${texts.starting}\n`);
  };
  const server = cleanup.add(
    createServer((request, response) => serve(request, response)),
    (open) => {
      open.close();
      open.closeAllConnections();
    },
  );
  const pageUrl = `http://127.0.0.1:${await listen(server, options.port)}/monitor`;
  const receivers = cleanup.add(await startReceivers(), (all) => all.close());
  const config = await loadConfig(receivers.replacements);
  for (const warning of config.autoscaler.warnings)
    terminal.say(`config/config.yaml: ${warning.message[options.locale]}`);

  terminal.say(texts.training);
  const folder = cleanup.add(await mkdtemp(join(tmpdir(), 'tidewatch-digits-')), async (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const networkFile = join(folder, 'network.bin');
  const { testAccuracy, seconds } = await trainDigits(networkFile);
  terminal.say(texts.trained(testAccuracy, seconds));

  const servicePort = await freePort();
  let onMessage = (_message: unknown, _from: string): void => {};
  let onExit = (_from: string): void => {};
  const pool = cleanup.add(
    workerPool({
      script: new URL('./worker.ts', import.meta.url),
      args: [networkFile, String(servicePort)],
      execArgv: ['--disable-warning=ExperimentalWarning'],
      idleAfterMs: 5_000,
      drainTimeoutMs: 10_000,
      onMessage: (message, worker) => onMessage(message, String(worker)),
      onExit: (worker) => onExit(String(worker)),
      logger: terminal.logger,
    }),
    (open) => open.close(),
  );
  const watch: Tidewatch = cleanup.add(
    await createTidewatch({
      model: 'digits',
      classes: digitClasses,
      windowMs: timeline.windowMs,
      baselineAccuracy: testAccuracy,
      collectIntervalMs: COLLECT_INTERVAL_MS,
      alerting: config.alerting,
      autoscaling: { config: config.autoscaler, target: pool, intervalMs: 2_000 },
      locale: options.locale,
      logger: terminal.logger,
    }),
    (open) => open.close(),
  );
  const receive = receiveForwarded({ monitor: watch.monitor, requests: watch.requests });
  onMessage = receive;
  onExit = (worker) => receive.forget(worker);

  serve = watch.handler;
  await pool.ready(stop);
  terminal.say(texts.page(pageUrl));

  const startedMs = Date.now();
  const traffic = cleanup.add(
    await startTrafficProcess(
      {
        url: `http://127.0.0.1:${servicePort}`,
        day: { seconds: timeline.dayMs / 1000, ...TRAFFIC },
        trouble: { fromMs: timeline.troubleFromMs, untilMs: timeline.troubleUntilMs, strength: 1 },
        labelShare: 0.6,
        labelDelayMs: 1_500,
      },
      { onProgress: (progress) => terminal.progress(progressLine(watch, progress, texts)) },
    ),
    async (open) => open.stop(),
  );
  await until(options.seconds === undefined ? undefined : startedMs + timeline.dayMs, stop);

  const { counts } = await traffic.stop();
  const report = await measureRun({
    query: watch.query,
    timeline,
    startedMs,
    nowMs: Date.now(),
    counts,
    alerts: watch.alerting.alerts().map(({ name, state, deliveredTo }) => ({ name, state, deliveredTo })),
    decisions: watch.autoscaler?.decisions() ?? [],
    pageUrl,
  });
  for (const reason of receivers.refused()) terminal.say(texts.refused(reason));
  terminal.say(texts.summary(report, receivers.accepted()));
  if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** Resolves at a time, or when told to stop; without a time only when told to stop. */
function until(timeMs: number | undefined, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeMs === undefined ? 2 ** 31 - 1 : timeMs - Date.now());
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (stop.aborted) finish();
    else stop.addEventListener('abort', finish, { once: true });
  });
}

async function main(): Promise<number> {
  const stop = new AbortController();
  const cleanup = createCleanup();
  const interrupt = (): void => stop.abort(new Error('interrupted'));
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  try {
    const options = parseDemoOptions(process.argv.slice(2), process.env);
    if (options === 'help') process.stdout.write(`${usage}\n`);
    else await runDemo(options, stop.signal, cleanup);
    return 0;
  } catch (error) {
    if (stop.signal.aborted && error === stop.signal.reason) return 0;
    const isExpected = error instanceof UsageError || error instanceof ConfigError;
    process.stderr.write(`${isExpected ? error.message : ((error as Error).stack ?? String(error))}\n`);
    return isExpected ? 2 : 1;
  } finally {
    await cleanup.run();
  }
}

process.exitCode = await main();
