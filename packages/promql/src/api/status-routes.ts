import type { Clock, MetricDefinition } from '@tidewatch/core';
import { compareBytes } from '../labels/byte-order.ts';
import { success } from './answers.ts';
import { countParameter } from './parameters.ts';
import type { Route } from './route.ts';

const GET = ['GET', 'HEAD'] as const;

/** Whose API this is like. Grafana reads the version to know what it may ask; a member `features` would mean Mimir. */
const BUILD_INFO = {
  version: '3.5.0',
  revision: 'tidewatch',
  branch: '',
  buildUser: '',
  buildDate: '',
  goVersion: '',
};

/** `metadata`, and what a client asks about the server itself. */
export function statusRoutes(metrics: readonly MetricDefinition[], clock: Clock): readonly Route[] {
  const startTime = new Date(clock.now()).toISOString();
  return [
    {
      path: /^\/api\/v1\/metadata$/,
      methods: GET,
      answer({ parameters }) {
        const limit = countParameter(parameters, 'limit');
        // There is one entry a metric.
        countParameter(parameters, 'limit_per_metric');
        const wanted = parameters.get('metric') ?? '';
        const entries = metrics
          .filter(({ name }) => wanted === '' || wanted === name)
          .slice(0, limit)
          .toSorted((a, b) => compareBytes(a.name, b.name))
          .map(({ name, kind, help, unit }) => [name, [{ type: kind, unit, help }]] as const);
        return success(Object.fromEntries(entries));
      },
    },
    { path: /^\/api\/v1\/status\/buildinfo$/, methods: GET, answer: () => success(BUILD_INFO) },
    { path: /^\/api\/v1\/status\/runtimeinfo$/, methods: GET, answer: () => success({ startTime }) },
    { path: /^\/api\/v1\/status\/flags$/, methods: GET, answer: () => success({}) },
  ];
}
