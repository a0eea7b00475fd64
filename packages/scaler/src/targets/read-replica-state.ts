import type { ReplicaState } from './scale-target.ts';
import { TargetError } from './target-error.ts';

/**
 * Reads `3` (that many are ready and wanted) or `{ "desired": 3, "ready": 2, … }`. Of the object, `starting` and
 * `draining` may be left out.
 *
 * @throws {@link TargetError} when it is neither; its text is not repeated, since it may hold anything.
 */
export function readReplicaState(target: string, text: string): ReplicaState {
  const fault = (what: string): TargetError => new TargetError('bad-answer', `${target}: the answer ${what}`);
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw fault('is not JSON');
  }
  if (typeof answer === 'number') answer = { desired: answer, ready: answer };
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw fault('is no object');
  const fields = answer as Record<string, unknown>;
  const optional = (name: string): number | undefined => {
    const value = fields[name];
    if (value === undefined) return undefined;
    if (!Number.isInteger(value) || (value as number) < 0) throw fault(`has no count in "${name}"`);
    return value as number;
  };
  const count = (name: string): number => {
    const value = optional(name);
    if (value === undefined) throw fault(`lacks "${name}"`);
    return value;
  };
  const desired = count('desired');
  const ready = count('ready');
  const idle = optional('idle');
  const crashLooping = optional('crashLooping');
  return {
    desired,
    ready,
    starting: optional('starting') ?? Math.max(0, desired - ready),
    draining: optional('draining') ?? Math.max(0, ready - desired),
    ...(idle === undefined ? {} : { idle }),
    ...(crashLooping === undefined ? {} : { crashLooping }),
    ...(typeof fields['updating'] === 'boolean' ? { updating: fields['updating'] } : {}),
  };
}
