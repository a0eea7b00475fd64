import type { ServerAnswer } from './request-json.ts';

/** A list with what the server said beside it; a member is absent when it said nothing. */
export type WithRemarks<T extends readonly unknown[]> = T & {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
};

/** What is read from the data of an answer, with the remarks beside it. */
export function withRemarks<T extends readonly unknown[]>(
  { data, warnings, infos }: ServerAnswer,
  read: (data: unknown) => T,
): WithRemarks<T> {
  return Object.assign(read(data), remarksOf('warnings', warnings), remarksOf('infos', infos));
}

function remarksOf(kind: 'warnings' | 'infos', remarks: unknown): { [K in typeof kind]?: readonly string[] } {
  if (!Array.isArray(remarks) || remarks.length === 0) return {};
  return { [kind]: remarks.map(String) };
}
