import { ConfigError, nearestName, type ConfigIssue } from '@tidewatch/core';
import type { TidewatchOptions } from './tidewatch-options.ts';

type Known<Options> = Readonly<Record<keyof Options, true>>;

const known: Known<TidewatchOptions> = {
  model: true,
  version: true,
  task: true,
  classes: true,
  positiveClass: true,
  segments: true,
  topK: true,
  topKTies: true,
  drift: true,
  meter: true,
  windowMs: true,
  windows: true,
  sliceMs: true,
  minSamples: true,
  baselineAccuracy: true,
  undefinedScore: true,
  maxClasses: true,
  maxPendingLabels: true,
  labelTimeoutMs: true,
  earlyLabelMs: true,
  errorReason: true,
  clock: true,
  logger: true,
  source: true,
  dataDir: true,
  collectIntervalMs: true,
  labels: true,
  alerting: true,
  autoscaling: true,
  gpu: true,
  access: true,
  locale: true,
};

const knownAlerting: Known<NonNullable<TidewatchOptions['alerting']>> = {
  rules: true,
  route: true,
  receivers: true,
  inhibitRules: true,
  intervalMs: true,
  timeZone: true,
  externalUrl: true,
};

const knownAutoscaling: Known<NonNullable<TidewatchOptions['autoscaling']>> = {
  config: true,
  target: true,
  intervalMs: true,
  dryRun: true,
};

/**
 * Finds what is wrong with the preset's own options; those of a part are checked by the part.
 *
 * @throws {@link ConfigError} naming every option that cannot be used.
 */
export function checkOptions(options: TidewatchOptions): void {
  const { alerting = {}, autoscaling } = options;
  const issues = [
    ...unknownKeys('', options, known),
    ...unknownKeys('alerting.', alerting, knownAlerting),
    ...wrongAccess(options.access),
    ...wrongLocale(options.locale),
    ...wrongInterval('collectIntervalMs', options.collectIntervalMs),
    ...missingFunctions('source', options.source, ['query', 'queryRange'], 'pass prometheus({ url })'),
    ...halfRouting(alerting),
  ];
  if (autoscaling !== undefined) {
    issues.push(
      ...unknownKeys('autoscaling.', autoscaling, knownAutoscaling),
      ...wrongInterval('autoscaling.intervalMs', autoscaling.intervalMs),
      ...wrongConfig(autoscaling.config),
      ...missingFunctions(
        'autoscaling.target',
        autoscaling.target ?? {},
        ['observe', 'scaleTo'],
        'pass a ScaleTarget such as workerPool({ script })',
      ),
    );
  }
  const [first, ...rest] = issues;
  if (first !== undefined) throw new ConfigError('createTidewatch', [first, ...rest]);
}

function unknownKeys(prefix: string, options: object, known: Readonly<Record<string, true>>): ConfigIssue[] {
  const names = Object.keys(known);
  return Object.keys(options)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => {
      const near = nearestName(key, names);
      const remedy = near === undefined ? `known: ${names.join(', ')}` : `did you mean "${near}"?`;
      return { code: 'unknown-key', path: `${prefix}${key}`, problem: 'there is no such option', remedy };
    });
}

function wrongAccess(access: unknown): ConfigIssue[] {
  if (access === undefined || access === 'loopback' || access === 'any' || typeof access === 'function')
    return [];
  const problem = `expected "loopback", "any" or a function, got ${describe(access)}`;
  return [{ code: 'wrong-type', path: 'access', problem }];
}

function wrongLocale(locale: unknown): ConfigIssue[] {
  if (locale === undefined || locale === 'en' || locale === 'zh-CN') return [];
  const problem = `expected "en" or "zh-CN", got ${describe(locale)}`;
  return [{ code: 'wrong-type', path: 'locale', problem }];
}

function wrongInterval(path: string, intervalMs: unknown): ConfigIssue[] {
  // Timers beyond 2^31 ms fire at once.
  const isUsable = typeof intervalMs === 'number' && intervalMs >= 1 && intervalMs < 2 ** 31;
  if (intervalMs === undefined || isUsable) return [];
  const problem = `expected milliseconds from 1 to ${2 ** 31 - 1}, got ${describe(intervalMs)}`;
  return [{ code: 'out-of-range', path, problem }];
}

/** A path in place of what its loader answers is the likely slip. */
function wrongConfig(config: unknown): ConfigIssue[] {
  if (typeof config === 'object' && config !== null) return [];
  const problem = `expected a loaded configuration, got ${describe(config)}`;
  const remedy = "pass loadAutoscalerConfig('config.yaml')";
  return [{ code: 'wrong-type', path: 'autoscaling.config', problem, remedy }];
}

function missingFunctions(
  path: string,
  value: unknown,
  names: readonly string[],
  remedy: string,
): ConfigIssue[] {
  if (value === undefined) return [];
  const members = value as Readonly<Record<string, unknown>>;
  return names
    .filter((name) => typeof members?.[name] !== 'function')
    .map((name) => ({ code: 'wrong-type', path: `${path}.${name}`, problem: 'expected a function', remedy }));
}

/** Either alone cannot be delivered: receivers that no route names, or a route to receivers that do not exist. */
function halfRouting({ route, receivers }: NonNullable<TidewatchOptions['alerting']>): ConfigIssue[] {
  if ((route === undefined) === (receivers === undefined)) return [];
  const [path, other] =
    route === undefined ? ['alerting.route', 'receivers'] : ['alerting.receivers', 'route'];
  const problem = `missing, while alerting.${other} is given`;
  return [{ code: 'missing-key', path, problem, remedy: 'give both, as receiversFromConfig() does' }];
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
}
