import { ConfigError, nearestName, type ConfigIssue } from '@tidewatch/core';
import { describe } from './describe.ts';
import type { TidewatchOptions } from './tidewatch-options.ts';
import { wrongShapes } from './wrong-shapes.ts';

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
  store: true,
  fallback: true,
  escalations: true,
  noData: true,
  metaAlerts: true,
  lease: true,
  intervalMs: true,
  queryTimeoutMs: true,
  closeTimeoutMs: true,
  timeZone: true,
  externalUrl: true,
  random: true,
};

const knownAutoscaling: Known<NonNullable<TidewatchOptions['autoscaling']>> = {
  config: true,
  target: true,
  intervalMs: true,
  dryRun: true,
  keepDecisions: true,
  readTimeoutMs: true,
  readyTimeoutMs: true,
  stateStore: true,
  history: true,
  forecaster: true,
  learners: true,
  lease: true,
  onDecision: true,
};

/**
 * Finds what is wrong with the preset's own options; those of a part are checked by the part.
 *
 * @throws {@link ConfigError} naming every option that cannot be used.
 */
export function checkOptions(options: TidewatchOptions): void {
  requireObject(options);
  // What is no object has no members that could be looked at.
  refuse(wrongShapes(options));
  const { alerting = {}, autoscaling } = options;
  const issues = [
    ...unknownKeys('', options, known),
    ...unknownKeys('alerting.', alerting, knownAlerting),
    ...wrongAccess(options.access),
    ...wrongLocale(options.locale),
    ...wrongInterval('collectIntervalMs', options.collectIntervalMs),
    ...missingFunctions('source', options.source, ['query', 'queryRange'], 'pass prometheus({ url })'),
    ...halfRouting(alerting),
    ...wrongStore(alerting.store),
    ...missingFunctions('alerting.lease', alerting.lease, ['hold'], 'pass a Lease of @tidewatch/alerts'),
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
      ...missingFunctions(
        'autoscaling.stateStore',
        autoscaling.stateStore,
        ['load', 'save'],
        "pass fileStateStore('state')",
      ),
      ...missingFunctions(
        'autoscaling.forecaster',
        autoscaling.forecaster,
        ['forecast'],
        'pass a Forecaster such as augursForecaster()',
      ),
      ...missingFunctions(
        'autoscaling.lease',
        autoscaling.lease,
        ['settled', 'isHeld'],
        'pass a Lease such as fileLease({ folder })',
      ),
      ...noFunction('autoscaling.history', autoscaling.history, 'pass a RangeQuery'),
      ...noFunction('autoscaling.onDecision', autoscaling.onDecision),
    );
  }
  refuse(issues);
}

function requireObject(options: unknown): void {
  if (typeof options === 'object' && options !== null) return;
  const problem = `expected an object, got ${describe(options)}`;
  refuse([{ code: 'wrong-type', path: 'options', problem, remedy: "pass { model: 'cats-or-dogs' }" }]);
}

function refuse([first, ...rest]: readonly ConfigIssue[]): void {
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
  const { token, ...others } = (access ?? {}) as { token?: unknown };
  if (typeof access !== 'object' || access === null || Object.keys(others).length > 0) {
    const problem = `expected "loopback", "any", { token } or a function, got ${describe(access)}`;
    return [{ code: 'wrong-type', path: 'access', problem }];
  }
  if (typeof token === 'string' && token.length >= 16) return [];
  // Never the token itself: errors are logged.
  const problem = `expected at least 16 characters, got ${typeof token === 'string' ? token.length : typeof token}`;
  return [{ code: 'out-of-range', path: 'access.token', problem }];
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

function noFunction(path: string, value: unknown, remedy?: string): ConfigIssue[] {
  if (value === undefined || typeof value === 'function') return [];
  const problem = `expected a function, got ${describe(value)}`;
  return [{ code: 'wrong-type', path, problem, ...(remedy === undefined ? {} : { remedy }) }];
}

function wrongStore(store: unknown): ConfigIssue[] {
  const dir = (store as { dir?: unknown } | undefined)?.dir;
  if (store === undefined || store === 'memory' || (typeof dir === 'string' && dir !== '')) return [];
  const problem = `expected "memory" or { dir: 'FOLDER' }, got ${describe(store)}`;
  return [{ code: 'wrong-type', path: 'alerting.store', problem }];
}

/** Either alone cannot be delivered: receivers that no route names, or a route to receivers that do not exist. */
function halfRouting({ route, receivers }: NonNullable<TidewatchOptions['alerting']>): ConfigIssue[] {
  if ((route === undefined) === (receivers === undefined)) return [];
  const [path, other] =
    route === undefined ? ['alerting.route', 'receivers'] : ['alerting.receivers', 'route'];
  const problem = `missing, while alerting.${other} is given`;
  return [{ code: 'missing-key', path, problem, remedy: 'give both, as receiversFromConfig() does' }];
}
