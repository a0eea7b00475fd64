import type { Clock } from '@tidewatch/core';
import type { Engine } from '../engine/engine.ts';
import { parse } from '../language/parse.ts';
import { print } from '../language/print.ts';
import { success } from './answers.ts';
import { toHttpData } from './http-data.ts';
import { BadParameter, durationParameter, timeParameter } from './parameters.ts';
import type { Route } from './route.ts';
import { syntaxTree } from './syntax-tree.ts';

const READ = ['GET', 'POST', 'HEAD'] as const;
const MAX_POINTS = 11_000;

/** `query`, `query_range`, `format_query` and `parse_query`. */
export function queryRoutes(engine: Pick<Engine, 'instant' | 'range'>, clock: Clock): readonly Route[] {
  return [
    {
      path: /^\/api\/v1\/query$/,
      methods: READ,
      async answer({ parameters, signal }) {
        const atMs = timeParameter(parameters, 'time', clock.now());
        const answer = await engine.instant(parameters.get('query') ?? '', atMs, { signal });
        const { warnings, infos, ...data } = toHttpData(answer);
        return success(data, { ...(warnings && { warnings }), ...(infos && { infos }) });
      },
    },
    {
      path: /^\/api\/v1\/query_range$/,
      methods: READ,
      async answer({ parameters, signal }) {
        const startMs = timeParameter(parameters, 'start');
        const endMs = timeParameter(parameters, 'end');
        if (endMs < startMs) throw new BadParameter('end', 'end timestamp must not be before start time');
        const stepMs = durationParameter(parameters, 'step');
        if (stepMs <= 0) {
          const problem = 'zero or negative query resolution step widths are not accepted';
          throw new BadParameter('step', `${problem}. Try a positive integer`);
        }
        if ((endMs - startMs) / stepMs > MAX_POINTS) {
          const problem = 'exceeded maximum resolution of 11,000 points per timeseries';
          throw new BadParameter('step', `${problem}. Try decreasing the query resolution (?step=XX)`);
        }
        const range = { startMs, endMs, stepMs };
        const answer = await engine.range(parameters.get('query') ?? '', range, { signal });
        const { warnings, infos, ...data } = toHttpData(answer);
        return success(data, { ...(warnings && { warnings }), ...(infos && { infos }) });
      },
    },
    {
      path: /^\/api\/v1\/format_query$/,
      methods: READ,
      answer: ({ parameters }) => success(print(parse(parameters.get('query') ?? ''))),
    },
    {
      path: /^\/api\/v1\/parse_query$/,
      methods: READ,
      answer: ({ parameters }) => success(syntaxTree(parse(parameters.get('query') ?? ''))),
    },
  ];
}
