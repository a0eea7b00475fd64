import { ConfigError, type ConfigIssue } from '@tidewatch/core';
import { readFileSync } from 'node:fs';
import type { AutoscalerConfig, ConfigWarning, MetricRule } from './autoscaler-config.ts';
import type { ConfigDocument } from './config-document.ts';
import { defaultPer } from './default-per.ts';
import { lintConfig } from './lint-config.ts';
import { parseConfigDocument, printPath, type PlacedDocument } from './parse-document.ts';
import { readObjective, withLatency } from './read-objective.ts';
import { readTimeWindow } from './read-time-window.ts';

/**
 * Loads the autoscaler's `config.yaml`, from its text or from a file.
 *
 * A single line without `: ` is taken as a path. What loads and is likely a mistake is listed in
 * `warnings`, with the line and the remedy.
 *
 * @param options - `source` names the text in errors; without it the path, or `config.yaml`.
 *
 * @throws {@link ConfigError} with line, column and the nearest known key: unreadable file, bad YAML,
 * unknown key, wrong type, missing key, or values that contradict each other.
 */
export function loadAutoscalerConfig(
  yamlTextOrPath: string,
  options: { readonly source?: string } = {},
): AutoscalerConfig {
  const isText = /\n|:\s|^\s*[{[]|^\s*$/.test(yamlTextOrPath);
  const source = options.source ?? (isText ? 'config.yaml' : yamlTextOrPath);
  const text = isText ? yamlTextOrPath : readText(yamlTextOrPath);
  return fromDocument(parseConfigDocument(text, source), source);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const issue: ConfigIssue = {
      code: 'unreadable',
      path: '',
      problem: `cannot read the file (${code})`,
      remedy: 'check the path and its permissions, or give another one with --config',
    };
    throw new ConfigError(path, [issue], { cause });
  }
}

function fromDocument({ document, placeOf }: PlacedDocument, source: string): AutoscalerConfig {
  const issues: ConfigIssue[] = [];
  const fault = (
    path: readonly PropertyKey[],
    issue: Omit<ConfigIssue, 'path' | 'line' | 'column'>,
  ): void => {
    issues.push({ ...issue, path: printPath(path), ...placeOf(path) });
  };
  const { scaling } = document;
  const minReplicas = scaling.min_replicas ?? 1;
  const maxReplicas = scaling.max_replicas;
  if (minReplicas > maxReplicas) {
    const problem = `min_replicas ${minReplicas} is above max_replicas ${maxReplicas}`;
    fault(['scaling', 'min_replicas'], {
      code: 'contradiction',
      problem,
      remedy: 'lower it, or raise the maximum',
    });
  }

  const written = readMetrics(document, fault);
  const objective = readObjective(document.slo, written, ({ key, ...issue }) =>
    fault(['slo', ...key], issue),
  );
  const mode = document.mode ?? (objective === undefined ? 'threshold' : 'slo');
  if (mode === 'slo' && document.slo === undefined) {
    const problem = 'mode: slo has no latency to keep';
    fault(['mode'], { code: 'missing-key', problem, remedy: 'add slo: { max_latency: 500 }' });
  }
  const metrics = withLatency(written, document.slo, objective);
  const windowsPath = document.time_windows === undefined ? ['scaling', 'time_windows'] : ['time_windows'];
  const entries = document.time_windows ?? scaling.time_windows ?? [];
  if (document.time_windows !== undefined && scaling.time_windows !== undefined) {
    const problem = 'time_windows stands at the top and under scaling';
    fault(['scaling', 'time_windows'], { code: 'contradiction', problem, remedy: 'keep one of the two' });
  }
  const timeWindows = entries.map((entry, index) => {
    const window = readTimeWindow(entry, metrics, ({ key, ...issue }) => {
      fault([...windowsPath, index, ...key], issue);
    });
    const [min, max] = [window.minReplicas ?? minReplicas, window.maxReplicas ?? maxReplicas];
    if (min > max && minReplicas <= maxReplicas) {
      const problem = `in this window the minimum ${min} is above the maximum ${max}`;
      const key = entry.min_replicas === undefined ? 'max_replicas' : 'min_replicas';
      fault([...windowsPath, index, key], {
        code: 'contradiction',
        problem,
        remedy: 'set both in the window',
      });
    }
    return window;
  });
  const [first, ...rest] = issues.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (first !== undefined) throw new ConfigError(source, [first, ...rest]);

  const nameless = entries.flatMap((entry, index) =>
    entry.scale_up_threshold === undefined && entry.scale_down_threshold === undefined ? [] : [index],
  );
  const lint = {
    metrics: written,
    minReplicas,
    maxReplicas,
    timeWindows,
    windowsPath: printPath(windowsPath),
    nameless,
  };
  const warnings = lintConfig(lint).map((warning): ConfigWarning =>
    Object.assign(warning, placeOf(splitPath(warning.path))),
  );
  const { cooldown = 300 } = scaling;
  const seconds = typeof cooldown === 'number' ? { up: 0, down: cooldown } : cooldown;
  const intervalMs = (document.interval ?? 15) * 1000;
  const { price } = document;
  return {
    source,
    mode,
    ...(objective === undefined ? {} : { objective }),
    metrics,
    minReplicas,
    maxReplicas,
    cooldownMs: { up: (seconds.up ?? 0) * 1000, down: (seconds.down ?? 300) * 1000 },
    upStep: scaling.scale_up_step ?? 2,
    downStep: scaling.scale_down_step ?? 1,
    intervalMs,
    staleAfterMs:
      document.stale_after === undefined ? Math.max(60_000, 3 * intervalMs) : document.stale_after * 1000,
    timeWindows,
    ...(price === undefined
      ? {}
      : { price: { perReplicaHour: price.per_replica_hour, currency: price.currency } }),
    warnings,
  };
}

function readMetrics(
  document: ConfigDocument,
  fault: (path: readonly PropertyKey[], issue: Omit<ConfigIssue, 'path' | 'line' | 'column'>) => void,
): readonly MetricRule[] {
  const seen = new Set<string>();
  return document.metrics.map((entry, index) => {
    const { name, query, endpoint, scale_up_threshold: up, scale_down_threshold: down } = entry;
    if (down >= up) {
      const problem = `${down} is not below scale_up_threshold ${up}: the replicas would go up and down for ever`;
      fault(['metrics', index, 'scale_down_threshold'], {
        code: 'contradiction',
        problem,
        remedy: 'lower it',
      });
    }
    if (seen.has(name)) {
      const problem = `a second metric is called "${name}"`;
      fault(['metrics', index, 'name'], { code: 'contradiction', problem, remedy: 'give each its own name' });
    }
    seen.add(name);
    const per = entry.per ?? defaultPer(query);
    return { name, query, up, down, per, ...(endpoint === undefined ? {} : { endpoint }) };
  });
}

/** The reverse of `printPath`, for the paths that the linter writes. */
function splitPath(path: string): readonly (string | number)[] {
  return [...path.matchAll(/[^.[\]]+/g)].map(([step]) => (/^\d+$/.test(step) ? Number(step) : step));
}
