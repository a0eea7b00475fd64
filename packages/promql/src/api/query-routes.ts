import type { Clock } from '@tidewatch/core';
import type { Engine } from '../engine/engine.ts';
import type { InstantResult, RangeResult } from '../engine/results.ts';
import { PromqlError } from '../errors.ts';
import type { Expr } from '../language/ast.ts';
import { parse } from '../language/parse.ts';
import { prettify } from '../language/prettify.ts';
import { NO_CONTENT, success, successOf, TRUNCATED, type Answer } from './answers.ts';
import {
  BadParameter,
  BadRequest,
  durationParameter,
  limitParameter,
  lookbackParameter,
  optionalTime,
  timeoutParameter,
  timeParameter,
} from './parameters.ts';
import type { Route } from './route.ts';
import { hasSelector, syntaxTree } from './syntax-tree.ts';
import { writeAnswer } from './write-answer.ts';

const READ = ['GET', 'POST', 'HEAD'] as const;
const MAX_POINTS = 11_000;
/** Remarks of one kind that an answer carries; the rest is counted. */
const MAX_REMARKS = 10;

/** `query`, `query_range`, `query_exemplars`, `format_query` and `parse_query`. */
export function queryRoutes(engine: Pick<Engine, 'instant' | 'range'>, clock: Clock): readonly Route[] {
  return [
    {
      path: /^\/api\/v1\/query$/,
      methods: READ,
      async answer({ parameters, signal }) {
        const limit = limitParameter(parameters);
        const atMs = optionalTime(parameters, 'time', clock.now());
        const timeoutMs = timeoutParameter(parameters);
        const lookbackMs = lookbackParameter(parameters);
        const query = queryOf(parameters);
        return answerOf(await engine.instant(query, atMs, { signal, timeoutMs, lookbackMs }), limit);
      },
    },
    {
      path: /^\/api\/v1\/query_range$/,
      methods: READ,
      async answer({ parameters, signal }) {
        const limit = limitParameter(parameters);
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
          throw new BadRequest(`${problem}. Try decreasing the query resolution (?step=XX)`);
        }
        const timeoutMs = timeoutParameter(parameters);
        const lookbackMs = lookbackParameter(parameters);
        const range = { startMs, endMs, stepMs };
        const answer = await engine.range(queryOf(parameters), range, { signal, timeoutMs, lookbackMs });
        return answerOf(answer, limit);
      },
    },
    {
      // No exemplars are kept: there are none of any series.
      path: /^\/api\/v1\/query_exemplars$/,
      methods: READ,
      answer({ parameters }) {
        const startMs = optionalTime(parameters, 'start', -Infinity);
        const endMs = optionalTime(parameters, 'end', Infinity);
        if (endMs < startMs) throw new BadRequest('end timestamp must not be before start timestamp');
        let expr: Expr;
        try {
          expr = parse(queryOf(parameters));
        } catch (error) {
          throw error instanceof PromqlError ? new BadRequest(error.message) : error;
        }
        return hasSelector(expr) ? success([]) : NO_CONTENT;
      },
    },
    {
      path: /^\/api\/v1\/format_query$/,
      methods: READ,
      answer: ({ parameters }) => success(prettify(parse(queryOf(parameters)))),
    },
    {
      path: /^\/api\/v1\/parse_query$/,
      methods: READ,
      answer: ({ parameters }) => success(syntaxTree(parse(queryOf(parameters)))),
    },
  ];
}

/** The query to read. @throws {@link PromqlError} when there is none: in no text there is no place. */
function queryOf(parameters: URLSearchParams): string {
  const query = parameters.get('query') ?? '';
  if (query !== '') return query;
  throw new PromqlError('parse', 'unknown position: parse error: no expression found in input');
}

function answerOf(answer: InstantResult | RangeResult, limit: number): Answer {
  const isList = answer.resultType === 'vector' || answer.resultType === 'matrix';
  const isLong = isList && answer.result.length > limit;
  const cut = isLong ? ({ ...answer, result: answer.result.slice(0, limit) } as typeof answer) : answer;
  const warnings = atMost(MAX_REMARKS, answer.warnings, 'warning');
  if (isLong) warnings.push(TRUNCATED);
  return successOf(writeAnswer(cut), { warnings, infos: atMost(MAX_REMARKS, answer.infos, 'info') });
}

function atMost(count: number, remarks: readonly string[], kind: string): string[] {
  if (remarks.length <= count) return [...remarks];
  return [...remarks.slice(0, count), `${remarks.length - count} more ${kind} annotations omitted`];
}
