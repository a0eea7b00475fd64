import type { ConfigIssue } from '@tidewatch/core';
import { describe } from './describe.ts';

/** What an option must be, as a sentence and as a test. */
interface Shape {
  readonly expected: string;
  readonly remedy?: string;
  readonly fits: (value: unknown) => boolean;
}

/**
 * Options whose parts would stumble over another type, or take it for granted: what a program without types, or a slip
 * in a configuration of the host, hands over. An option that is absent fits.
 */
export function wrongShapes(options: object): ConfigIssue[] {
  return Object.entries(shapes).flatMap(([path, { expected, remedy, fits }]): ConfigIssue[] => {
    const value = valueAt(options, path);
    if (value === undefined || fits(value)) return [];
    const problem = `expected ${expected}, got ${describe(value)}`;
    return [{ code: 'wrong-type', path, problem, ...(remedy === undefined ? {} : { remedy }) }];
  });
}

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const object: Shape = { expected: 'an object', fits: isObject };
const list: Shape = { expected: 'a list', fits: Array.isArray };
const text: Shape = { expected: 'a text', fits: (value) => typeof value === 'string' };

function withFunctions(...names: readonly string[]): Shape {
  return {
    expected: `an object with the functions ${names.join(', ')}`,
    fits: (value) =>
      isObject(value) &&
      names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function'),
  };
}

function oneOf(...values: readonly string[]): Shape {
  return {
    expected: values.map((value) => `"${value}"`).join(' or '),
    fits: (value) => values.includes(value as string),
  };
}

/** By the path of the option; an outer one stands before its members. */
const shapes: Readonly<Record<string, Shape>> = {
  alerting: { ...object, remedy: "pass { rules: 'alert_rules.yml' }" },
  autoscaling: { ...object, remedy: "pass { config: loadAutoscalerConfig('config.yaml'), target }" },
  gpu: { ...object, remedy: "pass { source: 'off' } to do without GPUs" },
  labels: {
    expected: 'texts by the names of labels',
    fits: (value) =>
      isObject(value) && Object.values(value as object).every((label) => typeof label === 'string'),
  },
  clock: withFunctions('now', 'sleep'),
  logger: { ...withFunctions('debug', 'info', 'warn', 'error'), remedy: 'pass pino(), or an object like it' },
  'alerting.rules': {
    expected: 'a path, loaded rules, or a list of them',
    fits: (value) =>
      [value]
        .flat()
        .every(
          (one) => typeof one === 'string' || Array.isArray((one as { groups?: unknown } | null)?.groups),
        ),
  },
  'alerting.route': object,
  'alerting.receivers': {
    expected: 'lists of channels by the name of the receiver',
    fits: (value) => isObject(value) && Object.values(value as object).every(Array.isArray),
  },
  'alerting.inhibitRules': list,
  'alerting.fallback': { ...list, remedy: 'pass [dingtalk({ … })]' },
  'alerting.escalations': { ...list, remedy: "pass [{ receiver: 'boss', afterMs: 900_000 }]" },
  'alerting.noData': oneOf('resolve', 'keep', 'alert'),
  'alerting.metaAlerts': oneOf('notify', 'off'),
  'alerting.timeZone': text,
  'alerting.externalUrl': text,
};

function valueAt(options: unknown, path: string): unknown {
  let value: unknown = options;
  for (const name of path.split('.')) {
    if (!isObject(value)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
