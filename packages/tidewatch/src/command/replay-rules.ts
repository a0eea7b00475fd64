import { createAlerting, loadRules, type Alert } from '@tidewatch/alerts';
import { ConfigError, type Clock, type Labels, type Locale } from '@tidewatch/core';
import { parse, prometheus } from '@tidewatch/promql';
import { CommandUsageError, type Call, type CommandHost, type ExitStatus } from './call.ts';
import { alignColumns } from './align-columns.ts';
import { timeOption } from './time-option.ts';

/** One time that an alert would have fired. */
interface ReplayedAlert {
  readonly name: string;
  readonly labels: Labels;
  readonly firedAt: string;
  /** Absent while it still fires at the end. */
  readonly resolvedAt?: string;
  readonly firingValue: number;
}

const DEFAULT_INTERVAL_MS = 15_000;
/** More rounds than this are a mistake of writing, and a burden for the server. */
const MAX_ROUNDS = 500_000;

/**
 * `alerts replay`: evaluates rules over the history of a server, and says what would have fired. Recorded series are
 * taken as the server has them.
 */
export async function replayRules(call: Call, host: CommandHost): Promise<ExitStatus> {
  const { files, json, texts, url } = call;
  if (files.length === 0) throw new CommandUsageError(texts.noFile);
  if (url === undefined) throw new CommandUsageError(texts.missingOption('--url'));
  const [fromMs, toMs] = [timeOption('--from', call.from, call), timeOption('--to', call.to, call)];
  if (fromMs >= toMs)
    throw new CommandUsageError(texts.badOption('--from', ['--from < --to'], call.from ?? ''));
  try {
    const { query } = prometheus({ url });
    const alerts: ReplayedAlert[] = [];
    let failures = 0;
    for (const file of files) {
      const rules = loadRules(file, { parse: (expr) => void parse(expr) });
      for (const group of rules.groups) {
        const stepMs = group.intervalMs ?? DEFAULT_INTERVAL_MS;
        if ((toMs - fromMs) / stepMs > MAX_ROUNDS)
          throw new CommandUsageError(texts.tooManyRounds(MAX_ROUNDS));
        const replayed = await replay(
          { source: rules.source, groups: [group] },
          { fromMs, toMs, stepMs },
          query,
          call.lang,
        );
        alerts.push(...replayed.alerts);
        failures += replayed.failures;
      }
    }
    alerts.sort((a, b) => (a.firedAt < b.firedAt ? -1 : 1));
    if (json) host.stdout(JSON.stringify({ alerts, failures }));
    else for (const line of table(alerts, call)) host.stdout(line);
    if (failures > 0) host.stderr(texts.replayFailures(failures));
    return failures > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    host.stderr(error.message);
    return 1;
  }
}

type Rules = Parameters<typeof createAlerting>[0]['rules'];
type Query = Parameters<typeof createAlerting>[0]['query'];

async function replay(
  rules: Rules,
  { fromMs, toMs, stepMs }: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
  query: Query,
  locale: Locale,
): Promise<{ readonly alerts: readonly ReplayedAlert[]; readonly failures: number }> {
  let nowMs = fromMs;
  let failures = 0;
  const clock: Clock = { now: () => nowMs, sleep: async () => {} };
  const asked: Query = async (expr, atMs, options) =>
    query(expr, atMs, options).catch((error: unknown) => {
      failures++;
      throw error;
    });
  await using alerting = await createAlerting({
    rules,
    query: asked,
    route: { receiver: 'nobody' },
    receivers: { nobody: [] },
    locale,
    clock,
  });
  const known = new Map<string, ReplayedAlert>();
  for (; nowMs <= toMs; nowMs += stepMs) {
    await alerting.evaluate(nowMs);
    for (const alert of alerting.alerts()) {
      if (alert.firedAtMs !== undefined)
        known.set(`${alert.fingerprint}@${alert.firedAtMs}`, toReplayed(alert));
    }
  }
  return { alerts: [...known.values()], failures };
}

function toReplayed({ name, labels, firedAtMs = 0, resolvedAtMs, firingValue }: Alert): ReplayedAlert {
  const firedAt = new Date(firedAtMs).toISOString();
  const resolvedAt = resolvedAtMs === undefined ? {} : { resolvedAt: new Date(resolvedAtMs).toISOString() };
  return { name, labels, firedAt, ...resolvedAt, firingValue };
}

function table(alerts: readonly ReplayedAlert[], { texts }: Call): string[] {
  if (alerts.length === 0) return [texts.replayedNone];
  const rows = alerts.map(({ name, labels, firedAt, resolvedAt = texts.stillFiring, firingValue }) => [
    firedAt,
    resolvedAt,
    name,
    String(firingValue),
    Object.entries(labels)
      .filter(([label]) => label !== 'alertname')
      .map(([label, value]) => `${label}=${value}`)
      .join(' '),
  ]);
  return alignColumns([texts.replayColumns, ...rows]);
}
