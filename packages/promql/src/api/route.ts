import type { Answer } from './answers.ts';

/** What a route knows of its request. */
export interface RouteRequest {
  /** Of the query string and of a form body together. */
  readonly parameters: URLSearchParams;
  /** The part of the path that the route's pattern captured. */
  readonly pathParameter: string | undefined;
  readonly signal: AbortSignal;
}

/** One path of the HTTP API. What `answer` throws becomes an error body. */
export interface Route {
  readonly path: RegExp;
  readonly methods: readonly string[];
  readonly answer: (request: RouteRequest) => Promise<Answer> | Answer;
}
